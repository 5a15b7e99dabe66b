//! What people call the state of a run: the stored word, and what heartbeat, cancel and due time make of it.

use crate::views::RunView;
use domain::{RunStatus, StepStatus};

/// The state of a run as shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RunState {
    /// Waits for a worker.
    Queued,
    /// Waits for its time.
    Scheduled,
    /// Waits for its next attempt.
    Retrying,
    /// A worker works on it.
    Running,
    /// A person asked to cancel it; its worker has not stopped yet.
    Stopping,
    /// Its worker fell silent; the sweep will recover it.
    Stuck,
    /// Waits for a person.
    Waiting,
    /// Ended well.
    Success,
    /// Ended badly.
    Failed,
    /// Ended because a person asked for it.
    Canceled,
}

/// Word, colour family and symbol of a stored status.
#[cfg(feature = "ssr")]
pub(crate) fn run_word(status: &str) -> (&'static str, &'static str, &'static str) {
    let state = match status.parse() {
        Ok(RunStatus::Queued) | Err(_) => RunState::Queued,
        Ok(RunStatus::Running) => RunState::Running,
        Ok(RunStatus::Waiting) => RunState::Waiting,
        Ok(RunStatus::Success) => RunState::Success,
        Ok(RunStatus::Failed) => RunState::Failed,
        Ok(RunStatus::Canceled) => RunState::Canceled,
    };
    (state.word(), state.tone(), state.icon())
}

impl RunState {
    /// Derives the state of `run` at `now`.
    pub(crate) fn of(run: &RunView, now: i64) -> Self {
        match run.status {
            RunStatus::Success => Self::Success,
            RunStatus::Failed => Self::Failed,
            RunStatus::Canceled => Self::Canceled,
            RunStatus::Waiting => Self::Waiting,
            RunStatus::Queued if run.run_after.is_some_and(|due| due > now) => {
                if run.attempt > 0 {
                    Self::Retrying
                } else {
                    Self::Scheduled
                }
            }
            RunStatus::Queued => Self::Queued,
            RunStatus::Running if run.expires_at.is_some_and(|end| end < now) => Self::Stuck,
            RunStatus::Running if run.cancel_requested_at.is_some() => Self::Stopping,
            RunStatus::Running => Self::Running,
        }
    }

    /// The word shown.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Scheduled => "scheduled",
            Self::Retrying => "retrying",
            Self::Running => "running",
            Self::Stopping => "stopping",
            Self::Stuck => "stuck",
            Self::Waiting => "waiting",
            Self::Success => "success",
            Self::Failed => "failed",
            Self::Canceled => "canceled",
        }
    }

    /// The colour family, as a class of `style/`.
    pub(crate) fn tone(self) -> &'static str {
        match self {
            Self::Queued | Self::Scheduled | Self::Canceled => "idle",
            Self::Running => "run",
            Self::Retrying | Self::Stopping | Self::Stuck => "warn",
            Self::Waiting => "wait",
            Self::Success => "ok",
            Self::Failed => "bad",
        }
    }

    /// The shape, as a symbol of the icon sprite.
    pub(crate) fn icon(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Scheduled => "clock",
            Self::Retrying => "retry",
            Self::Running => "running",
            Self::Stopping => "stopping",
            Self::Stuck => "warn",
            Self::Waiting => "waiting",
            Self::Success => "check",
            Self::Failed => "cross",
            Self::Canceled => "canceled",
        }
    }
}

/// The tone of a stored status, for who knows nothing else of the run.
#[cfg(feature = "ssr")]
pub(crate) fn status_tone(word: &str) -> &'static str {
    match word {
        "running" => "run",
        "waiting" => "wait",
        "success" => "ok",
        "failed" => "bad",
        _ => "idle",
    }
}

/// The word, tone and icon of a step.
pub(crate) fn step_look(status: StepStatus) -> (&'static str, &'static str, &'static str) {
    match status {
        StepStatus::Running => ("running", "run", "running"),
        StepStatus::Waiting => ("waiting", "wait", "waiting"),
        StepStatus::Success => ("success", "ok", "check"),
        StepStatus::Failed => ("failed", "bad", "cross"),
        StepStatus::Skipped => ("skipped", "idle", "skipped"),
        StepStatus::Canceled => ("canceled", "idle", "canceled"),
        StepStatus::Lost => ("lost", "warn", "warn"),
        StepStatus::Released => ("released", "idle", "retry"),
    }
}

/// How fresh a heartbeat is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pulse {
    /// In time.
    Fresh,
    /// In the last third of its lease.
    Late,
    /// Its lease has run out.
    Dead,
}

impl Pulse {
    /// Judges a heartbeat by how much of its lease is left.
    pub(crate) fn of(heartbeat_at: i64, expires_at: i64, now: i64) -> Self {
        let left = expires_at - now;
        if left < 0 {
            Self::Dead
        } else if left * 3 < expires_at - heartbeat_at {
            Self::Late
        } else {
            Self::Fresh
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pulse_is_late_in_the_last_third_of_its_lease() {
        assert_eq!(Pulse::of(0, 20_000, 2_000), Pulse::Fresh);
        assert_eq!(Pulse::of(0, 20_000, 14_000), Pulse::Late);
        assert_eq!(Pulse::of(0, 20_000, 20_001), Pulse::Dead);
    }
}
