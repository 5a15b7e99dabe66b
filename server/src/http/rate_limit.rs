//! A limit on how often one caller may try something.

use std::{
    collections::HashMap,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

/// Callers remembered at most; beyond that the oldest windows are forgotten.
const CALLERS: usize = 10_000;

/// So many tries per caller and window; in memory, per server.
#[derive(Debug)]
pub struct RateLimit {
    tries: AtomicU32,
    window: Duration,
    callers: Mutex<HashMap<String, (Instant, u32)>>,
}

impl RateLimit {
    /// A limit of `tries` per `window`.
    pub fn new(tries: u32, window: Duration) -> Self {
        Self {
            tries: AtomicU32::new(tries),
            window,
            callers: Mutex::default(),
        }
    }

    /// Allows another number of tries from now on.
    pub fn allow(&self, tries: u32) {
        self.tries.store(tries, Ordering::Relaxed);
    }

    /// Counts one try at `now`; when there were too many, says how long to wait.
    pub fn take(&self, caller: &str, now: Instant) -> Result<(), Duration> {
        let mut callers = self.callers.lock().unwrap_or_else(PoisonError::into_inner);
        if callers.len() >= CALLERS {
            callers.retain(|_, (begun, _)| now.duration_since(*begun) < self.window);
        }
        if callers.len() >= CALLERS && !callers.contains_key(caller) {
            return Err(self.window);
        }
        let (begun, count) = callers.entry(caller.to_owned()).or_insert((now, 0));
        if now.duration_since(*begun) >= self.window {
            (*begun, *count) = (now, 0);
        }
        if *count >= self.tries.load(Ordering::Relaxed) {
            return Err(self.window.saturating_sub(now.duration_since(*begun)));
        }
        *count += 1;
        Ok(())
    }

    /// Forgets a caller that succeeded.
    pub fn forget(&self, caller: &str) {
        self.callers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(caller);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caller_that_tries_too_often_waits_for_the_next_window() {
        let limit = RateLimit::new(2, Duration::from_mins(1));
        let start = Instant::now();
        assert!(limit.take("a", start).is_ok());
        assert!(limit.take("a", start).is_ok());
        assert_eq!(
            limit.take("a", start + Duration::from_secs(20)),
            Err(Duration::from_secs(40))
        );
        assert!(limit.take("b", start).is_ok());
        assert!(limit.take("a", start + Duration::from_mins(1)).is_ok());
    }
}
