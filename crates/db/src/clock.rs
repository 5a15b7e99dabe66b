//! The clock: the one place that asks the machine for the time.

use chrono::{DateTime, Duration, Utc};
use std::sync::{Arc, Mutex, PoisonError};

/// Tells the time. Tests hold it still and move it by hand.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    held: Option<Arc<Mutex<DateTime<Utc>>>>,
}

impl Clock {
    /// The clock of this machine.
    pub fn system() -> Self {
        Self::default()
    }

    /// A clock that stands still at `now`; its clones stand and move with it.
    pub fn fixed(now: DateTime<Utc>) -> Self {
        Self {
            held: Some(Arc::new(Mutex::new(now))),
        }
    }

    /// The time.
    pub fn now(&self) -> DateTime<Utc> {
        match &self.held {
            Some(held) => *held.lock().unwrap_or_else(PoisonError::into_inner),
            #[expect(
                clippy::disallowed_methods,
                reason = "the one file that may ask the machine for the time"
            )]
            None => Utc::now(),
        }
    }

    /// Moves a held clock forward; the clock of the machine does not move.
    pub fn advance(&self, by: Duration) {
        if let Some(held) = &self.held {
            *held.lock().unwrap_or_else(PoisonError::into_inner) += by;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_held_clock_moves_only_by_hand_and_with_its_clones() {
        let start = DateTime::from_timestamp(1_768_383_012, 0).unwrap();
        let clock = Clock::fixed(start);
        let same = clock.clone();
        assert_eq!(same.now(), start);
        clock.advance(Duration::seconds(5));
        assert_eq!(same.now(), start + Duration::seconds(5));
    }
}
