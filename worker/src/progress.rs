//! How far a run has come: the newest word counts, and one in a quarter of a second is told. Who looks sees no
//! more, and a program may say it a thousand times a second.

use crate::pace;
use serde_json::Value;
use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};
use tokio::sync::Notify;

/// Shortest time between two words.
const EVERY: Duration = Duration::from_millis(250);

/// The progress of one run.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    state: Mutex<State>,
    /// Rings when a word waits for its time.
    waiting: Notify,
}

#[derive(Debug, Default)]
struct State {
    told_at: Option<Instant>,
    newest: Option<Value>,
}

impl Progress {
    /// Takes a word; answers with it when it may be told now.
    pub(crate) fn take(&self, word: Value) -> Option<Value> {
        let mut state = self.state();
        if state.told_at.is_none_or(|told_at| told_at.elapsed() >= EVERY) {
            state.told_at = Some(Instant::now());
            state.newest = None;
            return Some(word);
        }
        state.newest = Some(word);
        self.waiting.notify_one();
        None
    }

    /// Waits for a word whose time has come.
    pub(crate) async fn due(&self) -> Value {
        loop {
            self.waiting.notified().await;
            let wait = self
                .state()
                .told_at
                .map_or(Duration::ZERO, |told_at| EVERY.saturating_sub(told_at.elapsed()));
            pace::pause(wait).await;
            if let Some(word) = self.rest() {
                return word;
            }
        }
    }

    /// The word that has not been told yet.
    pub(crate) fn rest(&self) -> Option<Value> {
        let mut state = self.state();
        let word = state.newest.take()?;
        state.told_at = Some(Instant::now());
        Some(word)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[tokio::test]
    async fn of_many_words_the_first_is_told_at_once_and_the_newest_after_a_while() {
        let progress = Progress::default();
        let began = Instant::now();
        assert_eq!(progress.take(json!(0)), Some(json!(0)));
        for word in 1..1000 {
            assert_eq!(progress.take(json!(word)), None);
        }
        assert_eq!(progress.due().await, json!(999));
        assert!(began.elapsed() >= EVERY);
        assert_eq!(progress.rest(), None);
    }

    #[test]
    fn what_waits_at_the_end_is_not_forgotten() {
        let progress = Progress::default();
        progress.take(json!(1));
        progress.take(json!(2));
        assert_eq!(progress.rest(), Some(json!(2)));
    }
}
