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
            forget_oldest(&mut callers, CALLERS / 10);
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

    /// Takes back one try of a caller that stands for many and succeeded for one of them.
    pub fn give_back(&self, caller: &str) {
        let mut callers = self.callers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, count)) = callers.get_mut(caller) {
            *count = count.saturating_sub(1);
        }
    }

    /// Forgets a caller that succeeded.
    pub fn forget(&self, caller: &str) {
        self.callers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(caller);
    }
}

/// Makes room for `count` callers at least, so that not every new one has to look for it.
fn forget_oldest(callers: &mut HashMap<String, (Instant, u32)>, count: usize) {
    let mut begun: Vec<Instant> = callers.values().map(|(begun, _)| *begun).collect();
    let last = count.min(begun.len().saturating_sub(1));
    let (_, last, _) = begun.select_nth_unstable(last);
    let last = *last;
    callers.retain(|_, (begun, _)| *begun > last);
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

    #[test]
    fn who_came_first_is_forgotten_when_too_many_are_remembered() {
        let limit = RateLimit::new(1, Duration::from_mins(1));
        let start = Instant::now();
        for caller in 0..CALLERS {
            let at = start + Duration::from_micros(caller as u64);
            assert!(limit.take(&caller.to_string(), at).is_ok());
        }
        let later = start + Duration::from_secs(1);
        assert!(limit.take("new", later).is_ok());
        assert!(limit.take("0", later).is_ok());
        assert!(limit.take(&(CALLERS - 1).to_string(), later).is_err());
    }

    #[test]
    fn a_try_that_is_given_back_can_be_made_again() {
        let limit = RateLimit::new(1, Duration::from_mins(1));
        let start = Instant::now();
        assert!(limit.take("office", start).is_ok());
        limit.give_back("office");
        assert!(limit.take("office", start).is_ok());
        assert!(limit.take("office", start).is_err());
    }
}
