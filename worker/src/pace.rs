//! Waiting and chance: the one file that sleeps.

use domain::Backoff;
use rand::RngExt as _;
use std::time::Duration;

/// Waits.
pub(crate) async fn pause(span: Duration) {
    #[expect(clippy::disallowed_methods, reason = "the one file of this room that sleeps")]
    tokio::time::sleep(span).await;
}

/// `span`, a fifth longer or shorter, so that workers which started together do not stay together.
pub(crate) fn jittered(span: Duration) -> Duration {
    span.mul_f64(rand::rng().random_range(0.8..1.2))
}

/// The wait after so many failures: exponential, bounded, full jitter.
pub(crate) fn backoff(rule: &Backoff, failures: u32) -> Duration {
    let exponent = i32::try_from(failures.saturating_sub(1)).unwrap_or(i32::MAX).min(30);
    let longest = (rule.initial_seconds * rule.factor.powi(exponent)).clamp(0.0, rule.max_seconds.max(0.0));
    Duration::try_from_secs_f64(longest * rand::rng().random_range(0.0..1.0)).unwrap_or_default()
}

/// The wait before a database that does not answer is asked again.
pub(crate) fn reconnect_wait(failures: u32) -> Duration {
    backoff(
        &Backoff {
            initial_seconds: 0.1,
            factor: 2.0,
            max_seconds: 2.0,
        },
        failures,
    ) + Duration::from_millis(20)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backoff_grows_to_its_bound_and_never_above() {
        let rule = Backoff {
            initial_seconds: 1.0,
            factor: 2.0,
            max_seconds: 5.0,
        };
        for failures in 0..200 {
            assert!(backoff(&rule, failures) <= Duration::from_secs(5));
        }
        assert!(backoff(&rule, 1) <= Duration::from_secs(1));
    }
}
