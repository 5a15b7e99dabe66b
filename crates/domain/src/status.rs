//! The states of a run and of a step.

use crate::Malformed;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// The life of a run; the last three are final and absorbing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunStatus {
    /// Waits for a worker.
    Queued,
    /// A worker holds its lease.
    Running,
    /// Waits for a person or a callback.
    Waiting,
    /// Ended well.
    Success,
    /// Ended badly; the reason code says why.
    Failed,
    /// Ended because a person asked for it.
    Canceled,
}

impl RunStatus {
    /// Every status, in the order of a life.
    pub const ALL: [Self; 6] = [
        Self::Queued,
        Self::Running,
        Self::Waiting,
        Self::Success,
        Self::Failed,
        Self::Canceled,
    ];

    /// The word used in SQL, JSON, pages and sheets.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Waiting => "waiting",
            Self::Success => "success",
            Self::Failed => "failed",
            Self::Canceled => "canceled",
        }
    }

    /// Whether the run has ended for good.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Success | Self::Failed | Self::Canceled)
    }
}

impl fmt::Display for RunStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for RunStatus {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        Self::ALL
            .into_iter()
            .find(|status| status.as_str() == text)
            .ok_or_else(|| Malformed {
                what: "run status",
                form: "queued, running, waiting, success, failed or canceled",
                value: text.to_owned(),
            })
    }
}

/// The life of a step inside one attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepStatus {
    /// Works now.
    Running,
    /// Waits for a person, a callback, a time or another run.
    Waiting,
    /// Ended well; a later attempt does not run it again.
    Success,
    /// Ended badly.
    Failed,
    /// Its condition said no.
    Skipped,
    /// Stopped because the run was canceled.
    Canceled,
    /// Its worker vanished; the next attempt runs it again.
    Lost,
    /// Given back in an orderly shutdown; the next attempt runs it again.
    Released,
}

impl StepStatus {
    /// Every status.
    pub const ALL: [Self; 8] = [
        Self::Running,
        Self::Waiting,
        Self::Success,
        Self::Failed,
        Self::Skipped,
        Self::Canceled,
        Self::Lost,
        Self::Released,
    ];

    /// The word used in SQL, JSON and pages.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Waiting => "waiting",
            Self::Success => "success",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
            Self::Canceled => "canceled",
            Self::Lost => "lost",
            Self::Released => "released",
        }
    }
}

impl fmt::Display for StepStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for StepStatus {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        Self::ALL
            .into_iter()
            .find(|status| status.as_str() == text)
            .ok_or_else(|| Malformed {
                what: "step status",
                form: "running, waiting, success, failed, skipped, canceled, lost or released",
                value: text.to_owned(),
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_is_read_back_from_its_word() {
        for status in RunStatus::ALL {
            assert_eq!(status.as_str().parse::<RunStatus>().unwrap(), status);
        }
        for status in StepStatus::ALL {
            assert_eq!(status.as_str().parse::<StepStatus>().unwrap(), status);
        }
    }

    #[test]
    fn three_states_are_final() {
        let last: Vec<_> = RunStatus::ALL.into_iter().filter(|status| status.is_final()).collect();
        assert_eq!(last, [RunStatus::Success, RunStatus::Failed, RunStatus::Canceled]);
    }
}
