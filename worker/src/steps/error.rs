//! How a step fails.

use db::queue::Wait;
use runs::secrets::KeyError;
use std::borrow::Cow;

/// Why a try of a step failed, in words for people, and whether another try may end better.
#[derive(Debug)]
pub struct StepError {
    /// Stable word, such as `step_failed`.
    pub code: Cow<'static, str>,
    /// What happened.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// Whether another try may end better.
    pub retryable: bool,
    /// The full chain, for the log of the worker.
    pub source: Option<anyhow::Error>,
    /// It is no failure: the run waits, and what it waited for becomes the output of the step.
    pub wait: Option<Box<Wait>>,
}

impl StepError {
    /// A failure that may pass: the next try may end better.
    pub fn retry(error: impl Into<anyhow::Error>) -> Self {
        Self {
            retryable: true,
            ..Self::fail(error)
        }
    }

    /// A failure that another try meets again.
    pub fn fail(error: impl Into<anyhow::Error>) -> Self {
        let error = error.into();
        Self::words("step_failed", error.to_string()).caused_by(error)
    }

    /// A failure in the words of the handler; another try meets it again.
    pub fn words(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code: Cow::Borrowed(code),
            message: message.into(),
            hint: None,
            retryable: false,
            source: None,
            wait: None,
        }
    }

    /// Lets the run wait, without a slot, until `wait` is over.
    pub fn wait(wait: Wait) -> Self {
        Self {
            wait: Some(Box::new(wait)),
            ..Self::words("waiting", "It waits.")
        }
    }

    /// The step needs the key of the secrets, and this worker has none.
    pub(crate) fn no_key(error: KeyError) -> Self {
        Self::words("no_secret_key", error.to_string())
            .hint("Give the worker the key of the server, in RUNBOARD_SECRET_KEY_FILE or RUNBOARD_SECRET_KEY.")
            .caused_by(error)
    }

    /// The work stopped because it was asked to; who asked knows why.
    pub fn stopped() -> Self {
        Self::words("stopped", "It was stopped.")
    }

    /// Says what to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Says it under another stable word.
    #[must_use]
    pub fn code(mut self, code: &'static str) -> Self {
        self.code = Cow::Borrowed(code);
        self
    }

    /// Another try may end better.
    #[must_use]
    pub fn retryable(mut self) -> Self {
        self.retryable = true;
        self
    }

    /// Keeps the chain of causes for the log.
    #[must_use]
    pub fn caused_by(mut self, error: impl Into<anyhow::Error>) -> Self {
        self.source = Some(error.into());
        self
    }
}
