//! Steps of the kind `action`: a built-in action, done by its handler.

mod voice;

use super::{StepContext, StepError, StepKindHandler};
use futures::future::BoxFuture;
use runs::actions::{self, ActionCall, ActionFailure, Handlers, Misfit};
use serde::Deserialize;
use serde_json::{Map, Value};
use voice::StepVoice;

/// Calls the handlers of actions.
#[derive(Debug)]
pub struct Action {
    handlers: Handlers,
}

/// `with` of an action step.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct With {
    action: String,
    #[serde(default)]
    options: Option<Map<String, Value>>,
    #[serde(default)]
    scope: Option<Value>,
}

impl Action {
    /// Does the actions of these handlers.
    pub fn new(handlers: Handlers) -> Self {
        Self { handlers }
    }

    async fn call(&self, step: StepContext<'_>) -> Result<Value, StepError> {
        let With { action, options, scope } = step.with_as()?;
        let options = options.unwrap_or_default();
        // An empty scope is how a form says that there is none.
        let scope = scope.filter(|scope| !scope.is_null() && scope.as_object().is_none_or(|fields| !fields.is_empty()));
        let handler = self
            .handlers
            .get(&action)
            .ok_or_else(|| unknown(&action, &self.handlers))?;
        if let Some(known) = actions::find(&action) {
            actions::check(known, scope.as_ref(), &options).map_err(misfit)?;
        }
        let stop = step.stop.token();
        let call = ActionCall {
            run_id: step.run_id,
            lease_seq: step.lease_seq,
            attempt: step.attempt,
            step: step.step,
            action: &action,
            options: &options,
            scope: scope.as_ref(),
            sheet_context: step.origin.sheet_context.as_ref(),
            requested_by: &step.origin.requested_by,
            pool: step.pool,
            stop,
            voice: &StepVoice { step: &step },
        };
        handler.run(call).await.map_err(failed)
    }
}

impl StepKindHandler for Action {
    fn run<'a>(&'a self, step: StepContext<'a>) -> BoxFuture<'a, Result<Value, StepError>> {
        Box::pin(self.call(step))
    }

    fn may_wait(&self, _: &Map<String, Value>) -> bool {
        true
    }
}

fn unknown(action: &str, handlers: &Handlers) -> StepError {
    let known = handlers.names().join(", ");
    StepError::words(
        "unknown_action",
        format!("this worker does not know the action {action}"),
    )
    .hint(format!(
        "It knows {known}. Start a worker of the same version as the server."
    ))
}

fn misfit(Misfit { field, message }: Misfit) -> StepError {
    StepError::words("invalid_input", message).hint(format!("Look at {field} of the action."))
}

fn failed(failure: ActionFailure) -> StepError {
    StepError {
        code: failure.code,
        message: failure.message,
        hint: failure.hint,
        retryable: failure.retryable,
        source: failure.source.map(anyhow::Error::from_boxed),
        wait: failure.wait,
    }
}
