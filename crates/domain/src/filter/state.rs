//! States by which runs are looked for: the stored statuses, and what a reader derives from them.

use super::Span;
use crate::{Malformed, RunStatus};
use std::{fmt, str::FromStr};

/// A state in which a run can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Stored. `queued` includes scheduled and retrying runs, `running` stuck ones and those being canceled.
    Is(RunStatus),
    /// Queued, not begun, and not yet due.
    Scheduled,
    /// Queued again after a try, and not yet due.
    Retrying,
    /// Running, and asked to stop.
    Canceling,
    /// Running, and its worker fell silent.
    Stuck,
}

impl State {
    /// Every state, in the order of a life.
    pub const ALL: [Self; 10] = [
        Self::Is(RunStatus::Queued),
        Self::Scheduled,
        Self::Retrying,
        Self::Is(RunStatus::Running),
        Self::Canceling,
        Self::Stuck,
        Self::Is(RunStatus::Waiting),
        Self::Is(RunStatus::Success),
        Self::Is(RunStatus::Failed),
        Self::Is(RunStatus::Canceled),
    ];

    /// The word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Is(status) => status.as_str(),
            Self::Scheduled => "scheduled",
            Self::Retrying => "retrying",
            Self::Canceling => "canceling",
            Self::Stuck => "stuck",
        }
    }

    /// The stored status of runs in this state.
    pub fn status(self) -> RunStatus {
        match self {
            Self::Is(status) => status,
            Self::Scheduled | Self::Retrying => RunStatus::Queued,
            Self::Canceling | Self::Stuck => RunStatus::Running,
        }
    }
}

impl FromStr for State {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        // The pill of a run that is being canceled says so.
        let word = if text == "stopping" { "canceling" } else { text };
        Self::ALL
            .into_iter()
            .find(|state| state.as_str() == word)
            .ok_or_else(|| Malformed {
                what: "status",
                form: "queued, scheduled, retrying, running, canceling, stuck, waiting, success, failed or canceled",
                value: text.to_owned(),
            })
    }
}

/// A state that is looked for, perhaps only when it has lasted: `queued`, `queued>5m`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// The state.
    pub state: State,
    /// Only when it has lasted longer; of open runs only.
    pub longer_than: Option<Span>,
}

impl FromStr for Wanted {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let Some((word, span)) = text.split_once('>') else {
            return Ok(Self {
                state: text.parse()?,
                longer_than: None,
            });
        };
        let state: State = word.trim().parse()?;
        if state.status().is_final() {
            return Err(Malformed {
                what: "status with a span",
                form: "of a run that is open, such as queued>5m",
                value: text.to_owned(),
            });
        }
        Ok(Self {
            state,
            longer_than: Some(span.trim().parse()?),
        })
    }
}

impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.state.as_str())?;
        match self.longer_than {
            Some(span) => write!(f, ">{span}"),
            None => Ok(()),
        }
    }
}
