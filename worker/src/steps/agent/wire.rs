//! What an adapter says, as docs/STEPS.md tells it. Fields that are not known here are let be: an
//! adapter may say more.

use serde::Deserialize;
use serde_json::Value;

/// The answer to a start.
#[derive(Debug, Deserialize)]
pub(super) struct Started {
    /// Name of the work in all further requests.
    pub(super) id: String,
    /// Whether it was started before, by an earlier attempt.
    #[serde(default)]
    pub(super) resumed: bool,
}

/// How far the work is.
#[derive(Debug, Deserialize)]
pub(super) struct State {
    pub(super) status: Status,
    /// Events after the one that was named, for adapters without a stream.
    #[serde(default)]
    pub(super) events: Vec<Event>,
    #[serde(default)]
    pub(super) output: Value,
    #[serde(default)]
    pub(super) error: Option<Failed>,
    #[serde(default)]
    pub(super) artifacts: Vec<Artifact>,
}

/// The words of a run, as far as an agent needs them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Status {
    Queued,
    Running,
    Success,
    Failed,
    Canceled,
}

impl Status {
    pub(super) fn is_final(self) -> bool {
        matches!(self, Self::Success | Self::Failed | Self::Canceled)
    }
}

/// One thing that happened.
#[derive(Debug, Deserialize)]
pub(super) struct Event {
    /// Number, from 1, growing.
    #[serde(default)]
    pub(super) seq: u64,
    #[serde(flatten)]
    pub(super) what: What,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum What {
    /// Text for the log.
    Log {
        text: String,
        /// `out` or `err`.
        #[serde(default)]
        stream: Option<String>,
    },
    /// How far it is.
    Progress {
        #[serde(default)]
        done: i64,
        #[serde(default)]
        total: i64,
        #[serde(default)]
        message: Option<String>,
    },
    /// The work is over; its state says how.
    End,
    /// What a newer adapter says.
    #[serde(other)]
    Other,
}

/// Why the agent failed, in its words.
#[derive(Debug, Deserialize)]
pub(super) struct Failed {
    pub(super) message: String,
    #[serde(default)]
    pub(super) hint: Option<String>,
    #[serde(default)]
    pub(super) retryable: bool,
}

/// A file that the agent left: with its text, with its bytes in base64, or to be fetched by name.
#[derive(Debug, Deserialize)]
pub(super) struct Artifact {
    pub(super) name: String,
    #[serde(default)]
    pub(super) text: Option<String>,
    #[serde(default)]
    pub(super) base64: Option<String>,
}
