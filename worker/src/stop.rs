//! Why work has to stop before it is done, and how it hears of it.

use std::sync::{Arc, OnceLock};
use tokio_util::sync::CancellationToken;

/// Why work has to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopReason {
    /// A person wants the run to end.
    Canceled,
    /// The time of the attempt is over.
    Deadline,
    /// The time of this step is over.
    StepTimeout,
    /// Another step failed and the run fails with it.
    RunFailed,
    /// The worker shuts down and gives the run back.
    Released,
    /// The run belongs to somebody else now: nothing may be written any more.
    Lost,
}

/// A request to stop. Clones are one request; a child stops with its parent.
#[derive(Debug, Clone, Default)]
pub struct Stop {
    token: CancellationToken,
    reason: Arc<OnceLock<StopReason>>,
    parent: Option<Arc<Stop>>,
}

impl Stop {
    /// A request that nobody made yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A request for a part of the work, which stops with the whole.
    #[must_use]
    pub fn child(&self) -> Self {
        Self {
            token: self.token.child_token(),
            reason: Arc::default(),
            parent: Some(Arc::new(self.clone())),
        }
    }

    /// Asks to stop; the first reason counts.
    pub fn request(&self, reason: StopReason) {
        let _ = self.reason.set(reason);
        self.token.cancel();
    }

    /// The same as a token, for work that does not ask why.
    pub fn token(&self) -> &CancellationToken {
        &self.token
    }

    /// Why to stop; `None` while work may go on.
    pub fn reason(&self) -> Option<StopReason> {
        self.reason
            .get()
            .copied()
            .or_else(|| self.parent.as_ref().and_then(|parent| parent.reason()))
    }

    /// Waits until somebody asks to stop.
    pub async fn requested(&self) -> StopReason {
        self.token.cancelled().await;
        self.reason().unwrap_or(StopReason::Released)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_part_stops_with_the_whole_and_knows_why() {
        let whole = Stop::new();
        let part = whole.child();
        assert_eq!(part.reason(), None);
        whole.request(StopReason::Canceled);
        whole.request(StopReason::Released);
        assert_eq!(part.requested().await, StopReason::Canceled);
    }

    #[tokio::test]
    async fn the_whole_goes_on_when_a_part_stops() {
        let whole = Stop::new();
        let part = whole.child();
        part.request(StopReason::StepTimeout);
        assert_eq!(part.requested().await, StopReason::StepTimeout);
        assert_eq!(whole.reason(), None);
    }
}
