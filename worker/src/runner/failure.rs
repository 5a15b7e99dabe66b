//! Why a step or a run failed, as people read it.

use crate::{held::Lease, steps::StepError};
use serde_json::{Value, json};
use std::borrow::Cow;

/// A failure with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Failure {
    pub(super) code: Cow<'static, str>,
    pub(super) message: String,
    pub(super) hint: Option<String>,
    pub(super) step: Option<String>,
    pub(super) retryable: bool,
}

impl Failure {
    /// A failure that another attempt meets again.
    pub(super) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code: Cow::Borrowed(code),
            message: message.into(),
            hint: None,
            step: None,
            retryable: false,
        }
    }

    /// The time of the attempt is over.
    pub(super) fn deadline() -> Self {
        let failure = Self::new("timeout", "the attempt did not end within its time");
        let failure = failure.hint("Give the run a longer timeout_seconds, or find out in its log what it waits for.");
        Self {
            retryable: true,
            ..failure
        }
    }

    /// Says what to do.
    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The failure of a try of `step`.
    pub(super) fn of_step(step: &str, error: StepError) -> Self {
        Self {
            code: error.code,
            message: error.message,
            hint: error.hint,
            step: Some(step.to_owned()),
            retryable: error.retryable,
        }
    }

    /// `{code, message, hint, step, trace_id}`.
    pub(super) fn to_json(&self, lease: &Lease) -> Value {
        json!({
            "code": self.code,
            "message": self.message,
            "hint": self.hint,
            "step": self.step,
            "trace_id": trace_id(lease),
        })
    }
}

/// Names one attempt in the log of its worker: the tail of the run id and the lease.
pub(crate) fn trace_id(lease: &Lease) -> String {
    let tail = lease.run_id.rsplit('_').next().unwrap_or_default();
    format!("{tail}-{}", lease.lease_seq)
}
