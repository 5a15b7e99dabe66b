//! What changed since the last hint: notifications are gathered and keep their distance.

use crate::pace;
use db::queue::Write;
use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

/// Hints of this process are at least so far apart.
const HINT_EVERY: Duration = Duration::from_millis(50);

/// Runs that changed since the last hint.
#[derive(Debug, Default)]
pub(super) struct Dirty {
    runs: BTreeSet<String>,
    logs: BTreeSet<String>,
    sent_at: Option<Instant>,
}

impl Dirty {
    /// Takes note of what a write changes.
    pub(super) fn note(&mut self, write: &Write) {
        match write {
            Write::Log { run_id, .. } => {
                self.logs.insert(run_id.clone());
            }
            Write::Events { run_id, .. } | Write::Step { run_id, .. } | Write::Artifact { run_id, .. } => {
                self.runs.insert(run_id.clone());
            }
            Write::Complete(completion) => {
                self.runs.insert(completion.run_id.clone());
            }
            // A sign of life shows nowhere by itself.
            Write::Beat { .. } | Write::Hint { .. } => {}
        }
    }

    /// Takes note of a run that changed.
    pub(super) fn note_run(&mut self, run_id: &str) {
        self.runs.insert(run_id.to_owned());
    }

    /// Whether a hint should go now.
    pub(super) fn is_due(&self) -> bool {
        !self.is_clean() && self.wait().is_zero()
    }

    /// Whether there is nothing to tell.
    pub(super) fn is_clean(&self) -> bool {
        self.runs.is_empty() && self.logs.is_empty()
    }

    fn wait(&self) -> Duration {
        self.sent_at
            .map_or(Duration::ZERO, |sent_at| HINT_EVERY.saturating_sub(sent_at.elapsed()))
    }

    /// Waits until a hint is due; for ever when there is nothing to tell.
    pub(super) async fn due(&self) {
        if self.is_clean() {
            return std::future::pending().await;
        }
        pace::pause(self.wait()).await;
    }

    /// The hint, when one is due.
    pub(super) fn take(&mut self) -> Option<Write> {
        if self.is_clean() || !self.wait().is_zero() {
            return None;
        }
        Some(self.take_now())
    }

    /// The hint, due or not.
    pub(super) fn take_now(&mut self) -> Write {
        self.sent_at = Some(Instant::now());
        Write::Hint {
            runs: std::mem::take(&mut self.runs).into_iter().collect(),
            logs: std::mem::take(&mut self.logs).into_iter().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn beat(run_id: &str) -> Write {
        Write::Events {
            run_id: run_id.to_owned(),
            lease_seq: 1,
            events: Vec::new(),
        }
    }

    #[test]
    fn hints_gather_what_changed_and_keep_their_distance() {
        let mut dirty = Dirty::default();
        dirty.note(&beat("b"));
        dirty.note(&beat("a"));
        dirty.note(&beat("b"));
        let hint = Write::Hint {
            runs: vec!["a".to_owned(), "b".to_owned()],
            logs: Vec::new(),
        };
        assert_eq!(dirty.take(), Some(hint));
        dirty.note(&beat("a"));
        assert_eq!(dirty.take(), None, "the next one is not due");
        assert!(!dirty.is_clean());
    }
}
