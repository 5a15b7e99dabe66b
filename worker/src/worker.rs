//! Puts the parts of a worker together, and takes them apart again in order.

use crate::{
    claim::{self, Claims, Taken},
    config::Config,
    definitions::Definitions,
    held::Held,
    keyring::Keyring,
    life::Life,
    pace,
    runner::{self, Shared},
    steps::{Kinds, Leases, artifacts::Keeper},
    stop::StopReason,
    sweep,
    writer::Writer,
};
use db::{Pool, listener::Listener, queue::WorkerSpec};
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::{Notify, Semaphore, mpsc},
    task::{JoinHandle, JoinSet},
};
use tokio_util::sync::CancellationToken;
use tracing::Instrument;
use uuid::Uuid;

/// How long the last words of a worker may take when the database is slow.
const LAST_WORDS: Duration = Duration::from_secs(10);

/// What a worker is made of.
#[derive(Debug)]
pub struct Worker {
    /// How it works.
    pub config: Config,
    /// Its connections, acting as `runboard_worker`.
    pub pool: Pool,
    /// Opens the secrets that steps ask for.
    pub key: Keyring,
    /// What it can do.
    pub kinds: Kinds,
    /// Where it hears hints; without one it only polls.
    pub listener: Option<Listener>,
}

/// A worker at work. Dropping it kills its work at once, as a crash would.
#[derive(Debug)]
pub struct Handle {
    stopping: CancellationToken,
    hurrying: CancellationToken,
    life: Arc<Life>,
    held: Arc<Held>,
    main: JoinHandle<Result<(), BrokenDown>>,
}

/// A part that has to go on as long as the worker lives ended before it: whoever started the worker should start
/// it anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the worker broke down: {0}")]
pub struct BrokenDown(&'static str);

impl Worker {
    /// Registers the worker and begins to take runs.
    pub async fn start(self) -> db::Result<Handle> {
        let Self {
            config,
            pool,
            key,
            kinds,
            listener,
        } = self;
        let held = Arc::new(Held::default());
        let spec = WorkerSpec {
            name: config.name.clone(),
            host: config.host.clone(),
            pid: i32::try_from(std::process::id()).unwrap_or(i32::MAX),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            lanes: config.lanes.iter().map(|lane| lane.as_str().to_owned()).collect(),
            kinds: kinds.names(),
            slots: i32::try_from(config.slots).unwrap_or(i32::MAX),
        };
        let life = Arc::new(Life::begin(pool.clone(), spec, Arc::clone(&held)).await?);
        let (writer, writing) = Writer::new(pool.clone(), Arc::clone(&life));
        let shared = Arc::new(Shared {
            pool: pool.clone(),
            writer,
            definitions: Definitions::default(),
            keeper: Keeper {
                pool: pool.clone(),
                store: config.store.clone(),
            },
            kinds,
            key,
            log_limits: config.log_limits,
            kill_grace: config.kill_grace,
        });
        let (stopping, hurrying) = (CancellationToken::new(), CancellationToken::new());
        let parts = Parts {
            slots: Arc::new(Semaphore::new(config.slots)),
            config: Arc::new(config),
            pool,
            life: Arc::clone(&life),
            held: Arc::clone(&held),
            shared,
            stopping: stopping.clone(),
            hurrying: hurrying.clone(),
        };
        let main = tokio::spawn(parts.work(listener, writing));
        Ok(Handle {
            stopping,
            hurrying,
            life,
            held,
            main,
        })
    }
}

impl Handle {
    /// The id of this worker.
    pub fn worker_id(&self) -> Uuid {
        self.life.id()
    }

    /// Runs it holds now.
    pub fn run_count(&self) -> usize {
        self.held.count()
    }

    /// Asks it to stop: it takes no more runs, and gives back what has not ended within the grace time.
    pub fn stop(&self) {
        self.stopping.cancel();
    }

    /// Asks it to give back at once what it holds.
    pub fn hurry(&self) {
        self.stopping.cancel();
        self.hurrying.cancel();
    }

    /// Waits until it has stopped.
    pub async fn stopped(&mut self) -> Result<(), BrokenDown> {
        (&mut self.main).await.unwrap_or_else(|error| {
            tracing::error!(%error, "The worker broke down.");
            Err(BrokenDown("it ended with a panic"))
        })
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.main.abort();
    }
}

struct Parts {
    config: Arc<Config>,
    pool: Pool,
    life: Arc<Life>,
    held: Arc<Held>,
    shared: Arc<Shared>,
    slots: Arc<Semaphore>,
    stopping: CancellationToken,
    hurrying: CancellationToken,
}

impl Parts {
    async fn work(
        self,
        listener: Option<Listener>,
        writing: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), BrokenDown> {
        // Each set aborts its tasks when it is dropped, and with them everything they hold.
        let mut writer = JoinSet::new();
        writer.spawn(writing);
        let mut loops = JoinSet::new();
        let mut runs = JoinSet::new();
        let wake = Arc::new(Notify::new());
        let (taken, mut incoming) = mpsc::unbounded_channel();

        let claims = Claims {
            pool: self.pool.clone(),
            life: Arc::clone(&self.life),
            held: Arc::clone(&self.held),
            config: Arc::clone(&self.config),
            wake: Arc::clone(&wake),
            taken,
        };
        let stopping = self.stopping.clone();
        let mut claiming = JoinSet::new();
        claiming.spawn(async move { claims.keep_claiming(&stopping).await });
        if let Some(listener) = listener {
            let (config, life, held) = (Arc::clone(&self.config), Arc::clone(&self.life), Arc::clone(&self.held));
            loops.spawn(async move { claim::keep_listening(listener, &config, &wake, &life, &held).await });
        }
        let life = Arc::clone(&self.life);
        loops.spawn(async move { life.keep_beating().await });
        let (pool, life) = (self.pool.clone(), Arc::clone(&self.life));
        loops.spawn(async move { sweep::keep_sweeping(&pool, &life).await });
        let (kinds, leases) = (
            self.shared.kinds.clone(),
            Leases {
                pool: self.pool.clone(),
                held: Arc::clone(&self.held),
            },
        );
        loops.spawn(async move { kinds.tend(&leases).await });

        let mut broken = None;
        {
            let ending = self.end_all();
            tokio::pin!(ending);
            loop {
                let gone = tokio::select! {
                    Some(taken) = incoming.recv() => {
                        self.begin(&mut runs, taken);
                        continue;
                    }
                    Some(ended) = runs.join_next() => {
                        complain(&ended);
                        continue;
                    }
                    () = &mut ending => break,
                    Some(ended) = writer.join_next() => Some((ended, "nothing can be written any more")),
                    Some(ended) = loops.join_next() => Some((ended, "one of its loops ended")),
                    Some(ended) = claiming.join_next() => {
                        // It ends by itself when the worker is asked to stop.
                        (!self.stopping.is_cancelled()).then_some((ended, "it takes no more runs"))
                    }
                };
                if let Some((ended, why)) = gone {
                    broken = Some(self.break_down(&ended, why));
                }
            }
        }
        // A claim may have been on its way; what it took at the last moment is given back unseen.
        let _ = tokio::time::timeout(LAST_WORDS, claiming.join_next()).await;
        while let Ok(taken) = incoming.try_recv() {
            taken.lease.stop.request(StopReason::Released);
            self.begin(&mut runs, taken);
        }
        let longest = self.config.kill_grace + LAST_WORDS * 2;
        let ended = async {
            while let Some(ended) = runs.join_next().await {
                complain(&ended);
            }
        };
        if tokio::time::timeout(longest, ended).await.is_err() {
            tracing::error!("Some runs did not stop; they are dropped.");
        }
        drop(runs);
        drop(loops);
        let written = self.take_leave(writer).await;
        broken.map_or(written, Err)
    }

    /// Gives back at once what the worker holds: without this part it could not see it through.
    fn break_down(&self, ended: &Result<(), tokio::task::JoinError>, why: &'static str) -> BrokenDown {
        let error = ended.as_ref().err().map(tracing::field::display);
        tracing::error!(error, why, "A part of the worker broke down; the worker stops.");
        self.stopping.cancel();
        self.hurrying.cancel();
        BrokenDown(why)
    }

    fn begin(&self, runs: &mut JoinSet<()>, taken: Taken) {
        let shared = Arc::clone(&self.shared);
        let slots = Arc::clone(&self.slots);
        let span = tracing::info_span!(
            "run",
            run.id = taken.claimed.run_id,
            lane.name = taken.claimed.lane,
            lease.seq = taken.claimed.lease_seq
        );
        runs.spawn(
            async move {
                let Taken { claimed, lease, guard } = taken;
                // Runs that were taken ahead wait here for a slot; who has to stop meanwhile needs none.
                let slot = tokio::select! {
                    biased;
                    slot = slots.acquire_owned() => slot.ok(),
                    _ = lease.stop.requested() => None,
                };
                runner::run(&shared, claimed, lease).await;
                drop((guard, slot));
            }
            .instrument(span),
        );
    }

    /// Ends when the worker was asked to stop and every run has ended or was told to.
    async fn end_all(&self) {
        self.stopping.cancelled().await;
        tracing::info!(
            runs.count = self.held.count(),
            "The worker stops: it takes no more runs."
        );
        tokio::select! {
            () = self.held.all_given_up() => {}
            () = pace::pause(self.config.grace) => {}
            () = self.hurrying.cancelled() => {}
        }
        for lease in self.held.leases() {
            lease.stop.request(StopReason::Released);
        }
    }

    /// Writes what is left and takes leave of the control plane.
    async fn take_leave(self, mut writer: JoinSet<()>) -> Result<(), BrokenDown> {
        let Self { life, shared, .. } = self;
        // The last way to the writer: its loop ends when everything is written.
        drop(shared);
        let mut written = Ok(());
        match tokio::time::timeout(LAST_WORDS, writer.join_next()).await {
            Ok(Some(Err(error))) => {
                tracing::error!(%error, "The writer broke down at the last writes; they are dropped.");
                written = Err(BrokenDown("the last writes are lost"));
            }
            Ok(_) => {}
            Err(_) => tracing::error!("The database does not take the last writes; they are dropped."),
        }
        match tokio::time::timeout(LAST_WORDS, life.end()).await {
            Ok(Ok(())) => tracing::info!("The worker has stopped."),
            Ok(Err(error)) => tracing::warn!(%error, "The worker could not take its leave; its leases expire."),
            Err(_) => tracing::warn!("The database did not answer when the worker took its leave; its leases expire."),
        }
        written
    }
}

fn complain(ended: &Result<(), tokio::task::JoinError>) {
    if let Err(error) = ended
        && error.is_panic()
    {
        // Its lease is renewed no more: the sweep gives the run another try, and counts the crash.
        tracing::error!(%error, "The work on a run broke down.");
    }
}
