//! Why a request was not answered, and what to do.

use super::BadKeyFile;
use reqwest::StatusCode;
use serde_json::Value;
use std::time::Duration;

/// Letters of an answer that are shown.
const EXCERPT: usize = 200;

/// Why a request was not answered.
#[derive(Debug, thiserror::Error)]
pub enum SheetsError {
    /// Nobody knows who asks.
    #[error("the spreadsheet service does not accept the credential ({message}): connect the spreadsheet again")]
    Unauthenticated {
        /// What it said.
        message: String,
    },
    /// Who asks may not.
    #[error("no access to the spreadsheet ({message}): {}", share(.account.as_deref()))]
    PermissionDenied {
        /// The account to share it with.
        account: Option<String>,
        /// What it said.
        message: String,
    },
    /// The spreadsheet is gone, or was never there.
    #[error("the spreadsheet was not found ({message}): check its address, or connect another one")]
    NotFound {
        /// What it said.
        message: String,
    },
    /// The request makes no sense to it.
    #[error("the spreadsheet service refused the request: {message}")]
    InvalidArgument {
        /// What it said.
        message: String,
    },
    /// Too many requests.
    #[error("the Sheets quota is used up ({message}): wait a minute and run it again")]
    Quota {
        /// What it said.
        message: String,
        /// When it may be asked again.
        retry_after: Option<Duration>,
    },
    /// Another worker holds the run by now.
    #[error("this worker no longer holds the run ({message}): nothing was written")]
    StaleLease {
        /// What it said.
        message: String,
    },
    /// It cannot answer now.
    #[error("the spreadsheet service cannot answer now (status {status}: {message}): run it again later")]
    Unavailable {
        /// The status.
        status: u16,
        /// What it said.
        message: String,
        /// When it may be asked again.
        retry_after: Option<Duration>,
    },
    /// The connection could not be made or was cut.
    #[error("the spreadsheet service was not reached: check the network and run it again")]
    Unreachable {
        /// Whether it may have heard the request.
        maybe_heard: bool,
        /// Why.
        #[source]
        source: reqwest::Error,
    },
    /// There was no time left.
    #[error("the time for this request was over{}: run it again", before(.last.as_deref()))]
    OutOfTime {
        /// What went wrong before, if anything did.
        last: Option<Box<SheetsError>>,
    },
    /// The answer is not what the Sheets API says.
    #[error("the answer is not one of the Sheets API (status {status}: {excerpt}): check the address of the service")]
    NotSheets {
        /// The status.
        status: u16,
        /// How it begins.
        excerpt: String,
    },
    /// The key of the service account cannot be used.
    #[error("the key of the service account cannot be used")]
    Key(#[from] BadKeyFile),
}

impl SheetsError {
    /// Whether the same request may be answered later.
    pub(super) fn is_passing(&self) -> bool {
        matches!(
            self,
            Self::Quota { .. } | Self::Unavailable { .. } | Self::Unreachable { .. }
        )
    }

    /// Whether the request may have had its effect all the same.
    pub(super) fn may_have_happened(&self) -> bool {
        match self {
            Self::Unavailable { .. } => true,
            Self::Unreachable { maybe_heard, .. } => *maybe_heard,
            _ => false,
        }
    }

    /// When it may be asked again, if that was said.
    pub(super) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Quota { retry_after, .. } | Self::Unavailable { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    /// The error of an answer that is no success.
    pub(super) fn of(status: StatusCode, retry_after: Option<Duration>, body: &[u8], account: Option<&str>) -> Self {
        let told: Option<Value> = serde_json::from_slice(body).ok();
        let message = told
            .as_ref()
            .and_then(|told| told["error"]["message"].as_str().or(told["error_description"].as_str()))
            .map_or_else(|| excerpt(body), |message| excerpt(message.as_bytes()));
        match status.as_u16() {
            401 => Self::Unauthenticated { message },
            429 => Self::Quota { message, retry_after },
            408 | 500..=599 => Self::Unavailable {
                status: status.as_u16(),
                message,
                retry_after,
            },
            status if told.is_none_or(|told| told["error"].is_null()) => Self::NotSheets {
                status,
                excerpt: message,
            },
            403 => Self::PermissionDenied {
                account: account.map(str::to_owned),
                message,
            },
            404 => Self::NotFound { message },
            409 => Self::StaleLease { message },
            _ => Self::InvalidArgument { message },
        }
    }
}

/// The beginning of an answer on one line.
pub(super) fn excerpt(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(&body[..body.len().min(4 * EXCERPT)]);
    let line: Vec<&str> = text.split_whitespace().collect();
    line.join(" ").chars().take(EXCERPT).collect()
}

fn share(account: Option<&str>) -> String {
    match account {
        Some(account) => format!("share it with {account} as an editor, then run it again"),
        None => "ask its owner to let this token write, then run it again".to_owned(),
    }
}

fn before(last: Option<&SheetsError>) -> String {
    last.map(|last| format!(" ({last})")).unwrap_or_default()
}
