//! Starting an action as a run.

use super::{Execution, find};
use crate::enqueue::{self, Command, EnqueueError, Enqueued, Idempotency};
use db::PgConnection;
use domain::Claims;
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

/// Starts an action as a run. An equal request whose run is still queued answers with that run.
pub async fn start(conn: &mut PgConnection, claims: &Claims, request: ActionRequest) -> Result<Enqueued, EnqueueError> {
    let action = find(&request.action);
    let by_template = action.is_some_and(|action| action.execution == Execution::Template);
    let options = &request.options;
    let text = |name: &str| options.get(name).and_then(Value::as_str).map(str::to_owned);
    let command = Command {
        template: text("template").filter(|_| by_template),
        title: action.filter(|_| !by_template).map(|action| action.title.to_owned()),
        action: Some(request.action.clone()),
        params: options
            .get("params")
            .filter(|_| by_template)
            .and_then(Value::as_object)
            .cloned()
            .unwrap_or_default(),
        scope: request.scope,
        sheet_context: request.sheet_context,
        lane: text("lane"),
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
    enqueue::enqueue(conn, claims, command).await
}
