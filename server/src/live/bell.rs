//! A bell for those who wait for work.

use db::listener::{Hint, Signal};
use std::sync::Arc;
use tokio::sync::{Notify, futures::OwnedNotified};

/// Rings for everybody who waits; cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Bell(Arc<Notify>);

impl Bell {
    /// Rings when `signal` means that there may be work.
    pub(super) fn hear(&self, signal: &Signal) {
        if matches!(
            signal,
            Signal::Resync | Signal::Hint(Hint::Enqueued { .. } | Hint::Lane { .. })
        ) {
            self.0.notify_waiters();
        }
    }

    /// The next ring after this call, even if nobody looks at it before.
    pub fn next(&self) -> OwnedNotified {
        self.0.clone().notified_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use db::listener::Names;
    use futures::FutureExt;

    #[test]
    fn a_ring_between_looking_and_waiting_is_not_missed() {
        let bell = Bell::default();
        let mut next = Box::pin(bell.next());
        assert!((&mut next).now_or_never().is_none());
        bell.hear(&Signal::Hint(Hint::Worker));
        assert!((&mut next).now_or_never().is_none());
        bell.hear(&Signal::Hint(Hint::Lane { lanes: Names::Many }));
        assert!(next.now_or_never().is_some());
    }
}
