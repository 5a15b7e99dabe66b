//! What a run can wait for, and what ends a wait.

use serde::{Deserialize, Serialize};

/// What a run waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitKind {
    /// A person with a role.
    Approval,
    /// A program that answers later.
    Callback,
    /// A time.
    Timer,
    /// Another run.
    Run,
}

impl WaitKind {
    /// The word used in SQL and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Approval => "approval",
            Self::Callback => "callback",
            Self::Timer => "timer",
            Self::Run => "run",
        }
    }
}

/// What the end of the time of a wait decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnTimeout {
    /// As if somebody had approved.
    Approve,
    /// As if somebody had rejected.
    Reject,
    /// The run fails, whatever the step says of failures.
    Fail,
}

/// What a person decides about a run that waits for approval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// The run goes on.
    Approve,
    /// The step fails.
    Reject,
}

impl Decision {
    /// The word used in SQL and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Reject => "reject",
        }
    }
}
