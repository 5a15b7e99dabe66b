//! What does the work of an action inside a worker, and what it gets to know and may use.

use super::{
    artifacts_sweep::{self, ArtifactsSweep},
    bulk::Bulk,
    retention::Retention,
    template_run::TemplateRun,
};
use db::{DbError, Pool, queue::Wait};
use futures::future::BoxFuture;
use serde_json::{Map, Value};
use std::{borrow::Cow, collections::BTreeMap, sync::Arc};
use tokio_util::sync::CancellationToken;

/// Does the work of one action.
///
/// A handler may run twice for one step, with the same effect. Each transaction in which it writes
/// product tables begins with [`ActionCall::begin`], so that a worker that lost its lease can commit
/// nothing. It looks at [`ActionCall::stop`]; some seconds after a request to stop its future is dropped.
pub trait ActionHandler: Send + Sync {
    /// Does the work; answers with what later steps and readers of the run get to see.
    fn run<'a>(&'a self, call: ActionCall<'a>) -> BoxFuture<'a, Result<Value, ActionFailure>>;
}

/// One call of an action.
#[derive(Clone, Copy)]
pub struct ActionCall<'a> {
    /// The run.
    pub run_id: &'a str,
    /// Lease under which it is held.
    pub lease_seq: i64,
    /// Attempt of the run, from 1.
    pub attempt: i32,
    /// The step that calls.
    pub step: &'a str,
    /// Name of the action.
    pub action: &'a str,
    /// Its options, checked against the registry.
    pub options: &'a Map<String, Value>,
    /// What it works on.
    pub scope: Option<&'a Value>,
    /// Spreadsheet and tab of the click.
    pub sheet_context: Option<&'a Value>,
    /// Who asked for the run: `{actor, user, via, …}`.
    pub requested_by: &'a Value,
    /// Connections of the worker.
    pub pool: &'a Pool,
    /// Canceled when the work has to stop.
    pub stop: &'a CancellationToken,
    /// Where it speaks to people.
    pub voice: &'a dyn Voice,
}

impl ActionCall<'_> {
    /// Begins a transaction that can only commit while the run is held.
    pub async fn begin(&self) -> Result<db::Transaction, ActionFailure> {
        let mut tx = db::pool::begin(self.pool).await?;
        db::queue::assert_lease(&mut tx, self.run_id, self.lease_seq).await?;
        Ok(tx)
    }
}

/// How an action speaks to people while it works. Secrets are hidden in all that is said.
pub trait Voice: Send + Sync {
    /// Adds a line to the log of the step.
    fn log<'v>(&'v self, line: &'v str) -> BoxFuture<'v, ()>;
    /// Says that something happened; `kind` is a stable word.
    fn event(&self, kind: &'static str, message: String, data: Option<Value>);
    /// Says how far the work has come.
    fn progress(&self, done: u64, total: Option<u64>, message: &str);
}

/// Why an action did not end with a value, in words for people.
#[derive(Debug)]
pub struct ActionFailure {
    /// Stable word, such as `unknown_template`.
    pub code: Cow<'static, str>,
    /// What happened.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// Whether another try may end better.
    pub retryable: bool,
    /// The error below, for the log of the worker.
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
    /// It is no failure: the run waits, and what it waited for becomes the output of the step.
    pub wait: Option<Box<Wait>>,
}

impl ActionFailure {
    /// A failure that another try meets again.
    pub fn new(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self {
            code: code.into(),
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
            ..Self::new("waiting", "It waits.")
        }
    }

    /// The work stopped because it was asked to; who asked knows why.
    pub fn stopped() -> Self {
        Self::new("stopped", "It was stopped.")
    }

    /// Says what to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Another try may end better.
    #[must_use]
    pub fn retryable(mut self) -> Self {
        self.retryable = true;
        self
    }

    /// Keeps the error below for the log.
    #[must_use]
    pub fn caused_by(mut self, error: impl std::error::Error + Send + Sync + 'static) -> Self {
        self.source = Some(Box::new(error));
        self
    }
}

impl From<DbError> for ActionFailure {
    fn from(error: DbError) -> Self {
        match error {
            DbError::Refused {
                code, message, hint, ..
            } => Self {
                hint,
                ..Self::new(code, message)
            },
            DbError::Unavailable(_) => Self::new("database_unavailable", "the database was not available")
                .retryable()
                .caused_by(error),
            DbError::Broken(_) => Self::new("action_failed", "a statement of the action failed")
                .hint("The log of the worker has the details.")
                .caused_by(error),
        }
    }
}

/// The handlers of a worker, by the name of their action.
#[derive(Clone, Default)]
pub struct Handlers(BTreeMap<&'static str, Arc<dyn ActionHandler>>);

impl Handlers {
    /// Those of the actions in the registry.
    pub fn builtin() -> Self {
        Self::default()
            .with(artifacts_sweep::NAME, ArtifactsSweep::default())
            .with("retention.apply", Retention)
            .with("runs.bulk", Bulk)
            .with("template.run", TemplateRun)
    }

    /// Does `action` too.
    #[must_use]
    pub fn with(mut self, action: &'static str, handler: impl ActionHandler + 'static) -> Self {
        self.0.insert(action, Arc::new(handler));
        self
    }

    /// The handler of an action.
    pub fn get(&self, action: &str) -> Option<&dyn ActionHandler> {
        self.0.get(action).map(AsRef::as_ref)
    }

    /// The names of all actions it can do, sorted.
    pub fn names(&self) -> Vec<&'static str> {
        self.0.keys().copied().collect()
    }
}

impl std::fmt::Debug for Handlers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
