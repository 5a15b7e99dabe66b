//! What a handler gets to know and may use.

use super::{
    StepError,
    artifacts::{self, Keeper},
};
use crate::{
    journal::{FileLeft, Journal},
    keyring::Keyring,
    log::StepLog,
    stop::{Stop, StopReason},
};
use db::Pool;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::time::Duration;

/// Where a run comes from.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Origin {
    /// Who asked: `{actor, user, via, …}`.
    pub requested_by: Value,
    /// Spreadsheet and tab of the click.
    pub sheet_context: Option<Value>,
}

/// One try of one step.
#[derive(Debug)]
pub struct StepContext<'a> {
    /// The run.
    pub run_id: &'a str,
    /// Lease under which it is held.
    pub lease_seq: i64,
    /// Attempt of the run, from 1.
    pub attempt: i32,
    /// Id of the step in its template.
    pub step: &'a str,
    /// `with` of the step, values filled in.
    pub with: Map<String, Value>,
    /// Where the run comes from.
    pub origin: &'a Origin,
    /// Connections of the worker.
    pub pool: &'a Pool,
    /// Where it prints.
    pub log: &'a StepLog,
    /// Where it hears that it has to stop.
    pub stop: &'a Stop,
    /// How long its processes may take to end when asked to.
    pub kill_grace: Duration,
    pub(crate) key: &'a Keyring,
    pub(crate) journal: &'a Journal,
    pub(crate) keeper: &'a Keeper,
}

impl StepContext<'_> {
    /// `with` as the type that the kind asks for.
    pub fn with_as<T: DeserializeOwned>(&self) -> Result<T, StepError> {
        serde_json::from_value(Value::Object(self.with.clone())).map_err(|error| {
            StepError::words("invalid_input", format!("The values of the step do not fit: {error}."))
                .hint("Look at with in the template and at the parameters of the run.")
        })
    }

    /// The same at every try of this step, on whichever worker: by it the other side knows a repetition.
    pub fn idempotency_key(&self) -> String {
        format!("{}/{}", self.run_id, self.step)
    }

    /// Says how far the work is: `{done, total, message}`.
    pub fn progress(&self, progress: Value) {
        self.journal.progress(progress);
    }

    /// Keeps a file for people; what cannot be kept is said in the log and as an event.
    pub async fn leave(&self, file: FileLeft) {
        artifacts::leave_bytes(self, file).await;
    }

    /// How long processes may take to end: none when the run belongs to somebody else already.
    pub(crate) fn grace(&self, reason: StopReason) -> Duration {
        if reason == StopReason::Lost {
            Duration::ZERO
        } else {
            self.kill_grace
        }
    }
}
