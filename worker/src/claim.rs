//! Takes runs while there are free slots: when told, when a slot becomes free, and by itself now and
//! then, because a hint may be lost.

use crate::{
    config::Config,
    held::{Held, HeldRun, Lease},
    life::Life,
    pace,
};
use db::{
    Pool,
    listener::{Hint, Listener, Signal},
    pool,
    queue::{self, ClaimedRun},
};
use std::{sync::Arc, time::Duration};
use tokio::sync::{Notify, mpsc};
use tokio_util::sync::CancellationToken;

/// The database gives no more in one call.
const MOST_AT_ONCE: usize = 500;
/// How long a free slot waits for others.
const GATHER: Duration = Duration::from_millis(2);

/// A run that was just taken.
pub(crate) struct Taken {
    pub(crate) claimed: ClaimedRun,
    pub(crate) lease: Arc<Lease>,
    pub(crate) guard: HeldRun,
}

/// The loop that takes runs.
pub(crate) struct Claims {
    pub(crate) pool: Pool,
    pub(crate) life: Arc<Life>,
    pub(crate) held: Arc<Held>,
    pub(crate) config: Arc<Config>,
    /// Rings when there may be work.
    pub(crate) wake: Arc<Notify>,
    pub(crate) taken: mpsc::UnboundedSender<Taken>,
}

impl Claims {
    /// Takes runs until `stopping`.
    pub(crate) async fn keep_claiming(&self, stopping: &CancellationToken) {
        let lanes: Vec<String> = self.config.lanes.iter().map(|lane| lane.as_str().to_owned()).collect();
        let mut failures = 0;
        let most = self.config.slots + self.config.prefetch;
        let mut gathering = false;
        while !stopping.is_cancelled() {
            let free = most.saturating_sub(self.held.count());
            if free == 0 || !self.life.claims() {
                // Nothing is asked while nothing could be taken.
                tokio::select! {
                    () = self.held.given_up() => {}
                    () = self.life.may_claim.notified() => {}
                    () = stopping.cancelled() => {}
                }
                gathering = true;
                continue;
            }
            // Slots that become free together are filled together: one claim for many is cheaper.
            if gathering && free * 4 < most {
                gathering = false;
                pace::pause(GATHER).await;
                continue;
            }
            gathering = false;
            match self.claim(&lanes, free).await {
                Ok(count) => {
                    failures = 0;
                    if count == free || count == MOST_AT_ONCE {
                        gathering = true;
                        continue;
                    }
                }
                Err(error) => {
                    failures += 1;
                    tracing::warn!(%error, failures, "A claim failed; it is tried again.");
                }
            }
            let wait = if failures == 0 {
                self.config.poll_every
            } else {
                pace::reconnect_wait(failures)
            };
            tokio::select! {
                () = pace::pause(pace::jittered(wait)) => {}
                () = self.wake.notified() => {}
                () = self.held.given_up() => gathering = true,
                () = stopping.cancelled() => {}
            }
        }
    }

    /// Takes up to `free` runs; answers how many it got.
    async fn claim(&self, lanes: &[String], free: usize) -> db::Result<usize> {
        let want = i32::try_from(free).unwrap_or(i32::MAX);
        // A claim that is given up and done nevertheless gives leases that nobody renews: the sweep takes them back.
        let claimed: Vec<ClaimedRun> = pool::ask(&self.pool, self.life.patience(), async |conn| {
            queue::claim_runs_briefly(conn, self.life.id(), lanes, want).await
        })
        .await?;
        let count = claimed.len();
        for claimed in claimed {
            let lease = Arc::new(Lease::new(&claimed.run_id, claimed.lease_seq));
            let guard = self.held.hold(&lease);
            // Nobody receives only after the worker was killed; then the leases expire.
            let _ = self.taken.send(Taken { claimed, lease, guard });
        }
        Ok(count)
    }
}

/// Turns what the listener hears into bells: work to take, a beat that should come sooner.
pub(crate) async fn keep_listening(mut listener: Listener, config: &Config, wake: &Notify, life: &Life, held: &Held) {
    while let Some(signal) = listener.next().await {
        match signal {
            Signal::Resync => {
                wake.notify_one();
                life.beat_now();
            }
            Signal::Hint(Hint::Enqueued { lanes, .. } | Hint::Lane { lanes }) => {
                if config.lanes.iter().any(|lane| lanes.mean(lane.as_str())) {
                    wake.notify_one();
                }
            }
            Signal::Hint(Hint::Cancel { runs }) => {
                if held.leases().iter().any(|lease| runs.mean(&lease.run_id)) {
                    life.beat_now();
                }
            }
            Signal::Hint(Hint::Worker) => life.beat_now(),
            Signal::Hint(Hint::Changed { .. }) | Signal::Degraded => {}
        }
    }
}
