//! Pages that broke in a browser, as they report it.

pub mod report;

use crate::http::rate_limit::RateLimit;
use std::time::{Duration, Instant};

/// Reports of one caller that are heard in [`WINDOW`].
const REPORTS: u32 = 10;
/// The same break is logged once in this time.
const WINDOW: Duration = Duration::from_hours(1);

/// Which reports are worth a line of the log.
#[derive(Debug)]
pub struct ClientErrors {
    callers: RateLimit,
    breaks: RateLimit,
}

impl Default for ClientErrors {
    fn default() -> Self {
        Self {
            callers: RateLimit::new(REPORTS, WINDOW),
            breaks: RateLimit::new(1, WINDOW),
        }
    }
}

impl ClientErrors {
    /// Whether to log what `caller` reports at `now`: the first time, and not too much of one caller.
    pub fn is_news(&self, caller: &str, what: &str, now: Instant) -> bool {
        self.callers.take(caller, now).is_ok() && self.breaks.take(what, now).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_break_is_news_once_and_one_caller_cannot_fill_the_log() {
        let (errors, now) = (ClientErrors::default(), Instant::now());
        assert!(errors.is_news("a", "x", now));
        assert!(!errors.is_news("b", "x", now));
        let heard = (0..100)
            .filter(|number| errors.is_news("a", &number.to_string(), now))
            .count();
        assert_eq!(heard, REPORTS as usize - 1);
        assert!(errors.is_news("b", "x", now + WINDOW));
    }
}
