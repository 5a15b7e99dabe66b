//! How a handler speaks: through the log and the journal of its step, where secrets are hidden.

use crate::steps::StepContext;
use futures::future::BoxFuture;
use runs::actions::Voice;
use serde_json::{Value, json};

/// The voice of one try of a step.
pub(super) struct StepVoice<'a> {
    pub(super) step: &'a StepContext<'a>,
}

impl Voice for StepVoice<'_> {
    fn log<'v>(&'v self, line: &'v str) -> BoxFuture<'v, ()> {
        Box::pin(self.step.log.line('o', line))
    }

    fn event(&self, kind: &'static str, message: String, data: Option<Value>) {
        let mut data = data.unwrap_or_else(|| json!({}));
        if let Some(fields) = data.as_object_mut() {
            fields.insert("step".to_owned(), Value::from(self.step.step));
        }
        self.step.journal.event(kind, message, Some(data));
    }

    fn progress(&self, done: u64, total: Option<u64>, message: &str) {
        self.step
            .journal
            .progress(json!({"done": done, "total": total, "message": message}));
    }
}
