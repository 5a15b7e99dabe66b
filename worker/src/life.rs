//! The life of this worker in the eyes of the control plane: it registers, beats, and takes its leave.
//!
//! One loop beats for the worker and for every run it holds. What it hears there is the truth: a run is
//! lost, or a person wants it to end.

use crate::{
    held::{Held, Lease},
    memory, pace,
    stop::StopReason,
};
use db::{
    PgConnection, Pool,
    pool::{self, LONGEST_ANSWER},
    queue::{self, Beat, BeatOutcome, WorkerSpec, WorkerState},
    settings,
};
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};
use tokio::sync::Notify;
use uuid::Uuid;

/// Settings that a database without them would have.
const USUAL_HEARTBEAT: Duration = Duration::from_secs(5);
const USUAL_SWEEP: Duration = Duration::from_secs(5);
const USUAL_LEASE: Duration = Duration::from_secs(20);

/// Who this worker is, and whether it may claim.
#[derive(Debug)]
pub(crate) struct Life {
    pool: Pool,
    spec: WorkerSpec,
    held: Arc<Held>,
    known: Mutex<Known>,
    /// Rings when a beat is wanted now.
    hurry: Notify,
    /// Rings when the worker may claim again.
    pub(crate) may_claim: Notify,
}

#[derive(Debug, Clone, Copy)]
struct Known {
    id: Uuid,
    draining: bool,
    heartbeat: Duration,
    sweep: Duration,
    patience: Duration,
}

/// How long a beat or a claim may go unanswered: so that another one can still renew the leases.
fn patience(lease: Duration) -> Duration {
    (lease / 2).clamp(Duration::from_secs(1), LONGEST_ANSWER)
}

impl Life {
    /// Registers a new life.
    pub(crate) async fn begin(pool: Pool, spec: WorkerSpec, held: Arc<Held>) -> db::Result<Self> {
        let id = pool::ask(&pool, LONGEST_ANSWER, async |conn| {
            queue::register_worker(conn, &spec).await
        })
        .await?;
        let known = Known {
            id,
            draining: false,
            heartbeat: USUAL_HEARTBEAT,
            sweep: USUAL_SWEEP,
            patience: patience(USUAL_LEASE),
        };
        let life = Self {
            pool,
            spec,
            held,
            known: Mutex::new(known),
            hurry: Notify::new(),
            may_claim: Notify::new(),
        };
        life.read_settings().await?;
        tracing::info!(worker.id = %id, worker.name = life.spec.name, "The worker is registered.");
        Ok(life)
    }

    /// The id of this life.
    pub(crate) fn id(&self) -> Uuid {
        self.known().id
    }

    /// Whether it may claim; not while an operator drains it.
    pub(crate) fn claims(&self) -> bool {
        !self.known().draining
    }

    /// Time between sweeps.
    pub(crate) fn sweep_every(&self) -> Duration {
        self.known().sweep
    }

    /// How long it waits for an answer that others may give sooner.
    pub(crate) fn patience(&self) -> Duration {
        self.known().patience
    }

    /// How long the writer waits: a write that comes late loses nothing while others beat.
    pub(crate) fn writing_patience(&self) -> Duration {
        (self.patience() * 4).clamp(Duration::from_secs(5), LONGEST_ANSWER)
    }

    /// Wants a beat now: something was heard about a run.
    pub(crate) fn beat_now(&self) {
        self.hurry.notify_one();
    }

    /// Beats for ever.
    pub(crate) async fn keep_beating(&self) {
        let mut failures = 0;
        loop {
            let wait = if failures == 0 {
                self.known().heartbeat
            } else {
                pace::reconnect_wait(failures)
            };
            tokio::select! {
                () = pace::pause(pace::jittered(wait)) => {}
                () = self.hurry.notified() => {}
            }
            match self.beat().await {
                Ok(()) => failures = 0,
                Err(error) => {
                    failures += 1;
                    tracing::warn!(%error, failures, "A heartbeat failed; it is tried again.");
                }
            }
        }
    }

    /// One beat for the worker and every run it holds.
    pub(crate) async fn beat(&self) -> db::Result<()> {
        let began = Instant::now();
        let leases = self.held.leases();
        let beats: Vec<Beat> = leases
            .iter()
            .map(|lease| Beat {
                run_id: lease.run_id.clone(),
                lease_seq: lease.lease_seq,
                progress: None,
            })
            .collect();
        pool::ask(&self.pool, self.patience(), async |conn| {
            // The leases first: they are what a late beat would lose.
            self.renew(conn, &leases, &beats).await?;
            self.be_seen(conn).await
        })
        .await?;
        self.read_settings().await?;
        tracing::trace!(
            duration_ms = began.elapsed().as_millis(),
            runs.count = beats.len(),
            "Beat."
        );
        Ok(())
    }

    async fn renew(&self, conn: &mut PgConnection, leases: &[Arc<Lease>], beats: &[Beat]) -> db::Result<()> {
        if beats.is_empty() {
            return Ok(());
        }
        // The answers come in any order.
        for (run_id, outcome) in queue::heartbeat_runs(conn, beats).await? {
            let Some(lease) = leases.iter().find(|lease| lease.run_id == run_id) else {
                continue;
            };
            match outcome {
                BeatOutcome::Ok => {}
                BeatOutcome::CancelRequested => lease.stop.request(StopReason::Canceled),
                // Its end may have arrived without the answer: the writer finds out.
                BeatOutcome::Lost if lease.is_ending() => {}
                BeatOutcome::Lost => lease.lose(),
            }
        }
        Ok(())
    }

    async fn be_seen(&self, conn: &mut PgConnection) -> db::Result<()> {
        match queue::heartbeat_worker(conn, self.id(), memory::resident_bytes()).await? {
            WorkerState::Ok => self.set_draining(false),
            WorkerState::Draining => self.set_draining(true),
            WorkerState::Unknown => {
                let id = queue::register_worker(conn, &self.spec).await?;
                self.change(|known| (known.id, known.draining) = (id, false));
                tracing::warn!(worker.id = %id, "The worker was forgotten; it registered anew.");
            }
        }
        Ok(())
    }

    /// Takes leave: what is still held goes back to its lane.
    pub(crate) async fn end(&self) -> db::Result<()> {
        pool::ask(&self.pool, LONGEST_ANSWER, async |conn| {
            queue::deregister_worker(conn, self.id()).await
        })
        .await
    }

    async fn read_settings(&self) -> db::Result<()> {
        let found = pool::ask(&self.pool, self.patience(), async |conn| settings::list(conn).await).await?;
        let span = |key: &str| {
            let setting = found.iter().find(|setting| setting.key == key)?;
            Some(Duration::from_millis(u64::try_from(setting.value).ok()?))
        };
        self.change(|known| {
            known.heartbeat = span("heartbeat").unwrap_or(USUAL_HEARTBEAT);
            // Short leases promise a quick recovery, which a slow sweep would break.
            let lease = span("lease").unwrap_or(USUAL_LEASE);
            known.sweep = span("sweep").unwrap_or(USUAL_SWEEP).min(lease / 4);
            known.patience = patience(lease);
        });
        Ok(())
    }

    fn set_draining(&self, draining: bool) {
        if self.known().draining != draining {
            self.change(|known| known.draining = draining);
            tracing::info!(draining, "An operator decides whether this worker takes work.");
            self.may_claim.notify_one();
        }
    }

    fn known(&self) -> Known {
        *self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, with: impl FnOnce(&mut Known)) {
        with(&mut self.known.lock().unwrap_or_else(PoisonError::into_inner));
    }
}
