//! Errors as Google words them: `google.rpc.Status`.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The canonical codes that the Sheets API uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Code {
    /// The request means nothing, whatever the state of the workbook.
    InvalidArgument,
    /// The request does not fit the state of the workbook.
    FailedPrecondition,
    /// Nobody said who asks.
    Unauthenticated,
    /// Whoever asks may not.
    PermissionDenied,
    /// There is no such workbook, or none that the caller may see.
    NotFound,
    /// Somebody else was first.
    Aborted,
    /// Too many requests.
    ResourceExhausted,
    /// Something broke.
    Internal,
    /// Nobody here does this.
    Unimplemented,
    /// Try again later.
    Unavailable,
}

impl Code {
    /// The HTTP status that goes with it.
    pub const fn http(self) -> u16 {
        match self {
            Self::InvalidArgument | Self::FailedPrecondition => 400,
            Self::Unauthenticated => 401,
            Self::PermissionDenied => 403,
            Self::NotFound => 404,
            Self::Aborted => 409,
            Self::ResourceExhausted => 429,
            Self::Internal => 500,
            Self::Unimplemented => 501,
            Self::Unavailable => 503,
        }
    }
}

/// Why a request was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Refusal {
    /// Which kind.
    pub code: Code,
    /// In words.
    pub message: String,
    /// Details, each with its `@type`.
    pub details: Vec<Value>,
}

impl Refusal {
    /// A refusal in words.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            details: Vec::new(),
        }
    }

    /// The request means nothing.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(Code::InvalidArgument, message)
    }

    /// What Google says of what it does not find or does not show.
    pub fn not_found() -> Self {
        Self::new(Code::NotFound, "Requested entity was not found.")
    }

    /// The same refusal, said of one request of a batch: `Invalid requests[0].addSheet: …`.
    #[must_use]
    pub fn of_request(self, at: usize, kind: &str) -> Self {
        Self {
            message: format!("Invalid requests[{at}].{kind}: {}", self.message),
            ..self
        }
    }
}

impl From<crate::a1::Unreadable> for Refusal {
    fn from(error: crate::a1::Unreadable) -> Self {
        Self::invalid(error.to_string())
    }
}

/// The body of a refusal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ErrorBody {
    /// The refusal.
    pub error: ErrorStatus,
}

/// The refusal in its body.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ErrorStatus {
    /// HTTP status.
    pub code: u16,
    /// In words.
    #[serde(default)]
    pub message: String,
    /// Which kind, such as `NOT_FOUND`.
    #[serde(default)]
    pub status: String,
    /// Details, each with its `@type`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<Value>,
}

impl From<Refusal> for ErrorBody {
    fn from(refusal: Refusal) -> Self {
        let status = serde_json::to_value(refusal.code).ok();
        Self {
            error: ErrorStatus {
                code: refusal.code.http(),
                message: refusal.message,
                status: status
                    .and_then(|word| Some(word.as_str()?.to_owned()))
                    .unwrap_or_default(),
                details: refusal.details,
            },
        }
    }
}
