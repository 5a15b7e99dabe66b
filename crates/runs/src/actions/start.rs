//! Starting an action as a run.

use super::{Execution, Misfit, check, find, known};
use crate::enqueue::{self, Command, EnqueueError, Enqueued, Idempotency};
use db::PgConnection;
use domain::{Claims, Role};
use serde_json::{Map, Value};

/// A request to start an action, as `POST /actions/run` receives it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ActionRequest {
    /// Name of the action.
    pub action: String,
    /// What it works on.
    pub scope: Option<Value>,
    /// Spreadsheet and tab of the click.
    pub sheet_context: Option<Value>,
    /// Options.
    pub options: Map<String, Value>,
    /// Surface the click came from.
    pub ui: Option<String>,
    /// E-mail address the client claims.
    pub claimed_email: Option<String>,
    /// Key of the click.
    pub idempotency: Option<Idempotency>,
}

/// Why an action was not started.
#[derive(Debug, thiserror::Error)]
pub enum ActionError {
    /// No such action.
    #[error("there is no action {name:?}; there are: {}", known())]
    Unknown {
        /// The name that was asked for.
        name: String,
    },
    /// The caller's role or token does not start it.
    #[error("starting {name} needs the role {needed}")]
    Forbidden {
        /// The action.
        name: &'static str,
        /// Lowest role that may.
        needed: Role,
    },
    /// A field does not fit the action.
    #[error("{message}")]
    Invalid {
        /// Path of the field.
        field: String,
        /// What is wrong and what is allowed.
        message: String,
    },
    /// The run was not enqueued.
    #[error("the action could not be enqueued")]
    Enqueue(#[source] EnqueueError),
}

/// Starts an action as a run. An equal request whose run is still queued answers with that run.
pub async fn start(conn: &mut PgConnection, claims: &Claims, request: ActionRequest) -> Result<Enqueued, ActionError> {
    let Some(action) = find(&request.action) else {
        return Err(ActionError::Unknown { name: request.action });
    };
    let narrow = claims
        .actions
        .as_ref()
        .is_some_and(|allowed| !allowed.contains(&request.action));
    if narrow || !claims.role.reaches(action.role) {
        return Err(ActionError::Forbidden {
            name: action.name,
            needed: action.role,
        });
    }
    check(action, request.scope.as_ref(), &request.options)
        .map_err(|Misfit { field, message }| ActionError::Invalid { field, message })?;
    let options = &request.options;
    let text = |name: &str| options.get(name).and_then(Value::as_str).map(str::to_owned);
    let by_template = action.execution == Execution::Template;
    let command = Command {
        template: text("template").filter(|_| by_template),
        title: (!by_template).then(|| action.title.to_owned()),
        action: Some(request.action.clone()),
        params: options
            .get("params")
            .filter(|_| by_template)
            .and_then(Value::as_object)
            .cloned()
            .unwrap_or_default(),
        scope: request.scope,
        sheet_context: request.sheet_context,
        lane: text("lane").or_else(|| Some(action.lane.to_owned())),
        priority: options
            .get("priority")
            .and_then(Value::as_i64)
            .map(|priority| priority.clamp(0, 1000) as i32),
        options: Some(Value::Object(request.options)),
        ui: request.ui,
        claimed_email: request.claimed_email,
        coalesce: request.idempotency.is_none(),
        idempotency: request.idempotency,
        ..Command::default()
    };
    enqueue::enqueue(conn, claims, command)
        .await
        .map_err(ActionError::Enqueue)
}
