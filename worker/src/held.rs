//! The runs this worker holds: their leases, and how many more it may take.

use crate::stop::{Stop, StopReason};
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};
use tokio::sync::Notify;

/// Proof of holding a run, and the line on which the run is told to stop.
#[derive(Debug)]
pub struct Lease {
    /// The run.
    pub run_id: String,
    /// Number that every write names.
    pub lease_seq: i64,
    /// Where work hears that it has to stop.
    pub stop: Stop,
    lost: AtomicBool,
    spoken: AtomicBool,
    ending: AtomicBool,
}

impl Lease {
    /// A lease that was just given.
    pub fn new(run_id: &str, lease_seq: i64) -> Self {
        Self {
            run_id: run_id.to_owned(),
            lease_seq,
            stop: Stop::new(),
            lost: AtomicBool::new(false),
            spoken: AtomicBool::new(false),
            ending: AtomicBool::new(false),
        }
    }

    /// The run belongs to somebody else: stops the work and lets nothing be written any more.
    pub fn lose(&self) {
        if !self.lost.swap(true, Ordering::SeqCst) {
            tracing::warn!(
                run.id = self.run_id,
                lease.seq = self.lease_seq,
                "The lease is lost; the work is dropped."
            );
        }
        self.stop.request(StopReason::Lost);
    }

    /// Something of the run is on its way to the database, or was.
    pub(crate) fn speak(&self) {
        self.spoken.store(true, Ordering::Relaxed);
    }

    /// Whether the database may know more of this lease than that it was given.
    pub(crate) fn has_spoken(&self) -> bool {
        self.spoken.load(Ordering::Relaxed)
    }

    /// The end of the run is on its way to the database: from now on the lease may be gone because it arrived.
    pub(crate) fn end(&self) {
        self.ending.store(true, Ordering::Relaxed);
    }

    /// Whether the end of the run is on its way.
    pub(crate) fn is_ending(&self) -> bool {
        self.ending.load(Ordering::Relaxed)
    }

    /// Whether the run belongs to somebody else.
    pub fn is_lost(&self) -> bool {
        self.lost.load(Ordering::SeqCst)
    }
}

/// The runs this worker holds.
#[derive(Debug, Default)]
pub(crate) struct Held {
    leases: Mutex<HashMap<String, Arc<Lease>>>,
    /// Rings when a run is given up.
    changed: Notify,
}

impl Held {
    /// Takes note of a run until the guard is dropped.
    pub(crate) fn hold(self: &Arc<Self>, lease: &Arc<Lease>) -> HeldRun {
        self.lock().insert(lease.run_id.clone(), Arc::clone(lease));
        HeldRun {
            held: Arc::clone(self),
            lease: Arc::clone(lease),
        }
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.lock().len()
    }

    /// Whether a run is held under this very lease.
    pub(crate) fn holds(&self, run_id: &str, lease_seq: i64) -> bool {
        self.lock().get(run_id).is_some_and(|held| held.lease_seq == lease_seq)
    }

    /// All of them.
    pub(crate) fn leases(&self) -> Vec<Arc<Lease>> {
        self.lock().values().cloned().collect()
    }

    /// Waits until a run is given up.
    pub(crate) async fn given_up(&self) {
        self.changed.notified().await;
    }

    /// Waits until there is none.
    pub(crate) async fn all_given_up(&self) {
        loop {
            let changed = self.changed.notified();
            tokio::pin!(changed);
            // Listening begins before the count is looked at, so that no ring is missed in between.
            changed.as_mut().enable();
            if self.count() == 0 {
                return;
            }
            changed.await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Arc<Lease>>> {
        self.leases.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A run that is held as long as this lives, even when its work panics.
#[derive(Debug)]
pub(crate) struct HeldRun {
    held: Arc<Held>,
    lease: Arc<Lease>,
}

impl Drop for HeldRun {
    fn drop(&mut self) {
        let mut leases = self.held.lock();
        // The same run may have been claimed again under a newer lease.
        if leases
            .get(&self.lease.run_id)
            .is_some_and(|held| Arc::ptr_eq(held, &self.lease))
        {
            leases.remove(&self.lease.run_id);
        }
        drop(leases);
        // One permit is kept for the claim loop, and whoever waits for the last run is woken too.
        self.held.changed.notify_one();
        self.held.changed.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_run_is_held_until_its_guard_goes() {
        let held = Arc::new(Held::default());
        let lease = Arc::new(Lease::new("run_1", 7));
        let guard = held.hold(&lease);
        assert_eq!(held.count(), 1);
        drop(guard);
        held.given_up().await;
        held.all_given_up().await;
    }

    #[test]
    fn an_old_guard_does_not_drop_a_newer_lease_of_the_run() {
        let held = Arc::new(Held::default());
        let (old, new) = (Arc::new(Lease::new("run_1", 7)), Arc::new(Lease::new("run_1", 8)));
        let old_guard = held.hold(&old);
        let _new_guard = held.hold(&new);
        drop(old_guard);
        assert_eq!(held.leases()[0].lease_seq, 8);
    }

    #[test]
    fn a_lost_lease_stops_its_work() {
        let lease = Lease::new("run_1", 7);
        lease.lose();
        assert!(lease.is_lost());
        assert_eq!(lease.stop.reason(), Some(StopReason::Lost));
    }
}
