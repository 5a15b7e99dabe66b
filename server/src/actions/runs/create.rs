//! `POST /runs.create`: asks for a run.

use super::idempotency::IdempotencyHeaders;
use crate::{
    actions::commit,
    caller::Caller,
    error::{ApiError, ApiResult, Problem},
    http::body::Json,
};
use ::runs::{
    Services,
    enqueue::{Command, enqueue},
};
use axum::extract::State;
use chrono::{DateTime, Utc};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// What to run. One of `template` and `action` names the work.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateBody {
    /// Template, by slug.
    template: Option<String>,
    /// Action, by name.
    action: Option<String>,
    /// Parameters of the template.
    #[serde(default)]
    #[schema(value_type = Object)]
    params: Map<String, Value>,
    /// What the action works on.
    #[schema(value_type = Option<Object>)]
    scope: Option<Value>,
    /// Options of the action.
    #[schema(value_type = Option<Object>)]
    options: Option<Value>,
    /// Spreadsheet and tab.
    #[schema(value_type = Option<Object>)]
    sheet_context: Option<Value>,
    /// Lane; left out or `auto` means the lane of the template.
    lane: Option<String>,
    /// 0 first, 100 when left out.
    priority: Option<i32>,
    /// Not before this time.
    run_after: Option<DateTime<Utc>>,
    /// Environment.
    env: Option<String>,
    /// Runs with one key run one after the other.
    concurrency_key: Option<String>,
    /// Failures it may have.
    max_attempts: Option<i32>,
    /// Longest time one attempt may take.
    timeout_seconds: Option<i32>,
    /// Conversation it belongs to.
    session_id: Option<String>,
    /// Where the request comes from.
    requested_by: Option<RequestedBy>,
}

/// Where a request comes from, as its sender says; who sent it is proven otherwise.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestedBy {
    /// Surface, such as `apps_script`.
    pub ui: Option<String>,
    /// Recorded as `claimed_email`, never trusted.
    pub user_email: Option<String>,
}

impl CreateBody {
    fn into_command(self, idempotency: IdempotencyHeaders) -> ApiResult<Command> {
        if self.template.is_none() && self.action.is_none() {
            return Err(ApiError::invalid("template", "Name a template or an action.")
                .hint("GET /api/templates lists templates."));
        }
        let requested_by = self.requested_by.unwrap_or_default();
        Ok(Command {
            template: self.template,
            title: None,
            action: self.action,
            params: self.params,
            scope: self.scope,
            options: self.options,
            sheet_context: self.sheet_context,
            lane: self.lane,
            priority: self.priority,
            run_after: self.run_after,
            env: self.env,
            concurrency_key: self.concurrency_key,
            max_attempts: self.max_attempts,
            timeout_seconds: self.timeout_seconds,
            session_id: self.session_id,
            ui: requested_by.ui,
            claimed_email: requested_by.user_email,
            idempotency: idempotency.0,
            coalesce: false,
            announce_later: false,
        })
    }
}

/// The run that stands for the request.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CreatedView {
    /// Its id.
    pub run_id: String,
    /// Its status.
    pub status: String,
}

/// Starts a run. The same key and body answer with the same run.
#[utoipa::path(post, path = "/runs.create", tag = "runs", request_body = CreateBody,
    params(("Idempotency-Key" = Option<String>, Header, description = "Unique per caller for 24 hours."),
        ("Idempotency-Mode" = Option<String>, Header, description = "return (default), reject or replace.")),
    responses((status = 201, description = "The run was made.", body = CreatedView),
        (status = 200, description = "An earlier request with this key made it.", body = CreatedView),
        (status = 409, description = "The key stands for something else.", body = Problem),
        (status = 422, description = "A field does not fit.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    idempotency: IdempotencyHeaders,
    Json(body): Json<CreateBody>,
) -> ApiResult<(StatusCode, Json<CreatedView>)> {
    let command = Command {
        announce_later: services.announces_later(),
        ..body.into_command(idempotency)?
    };
    let mut tx = services.begin(&claims).await?;
    let run = enqueue(&mut tx, &claims, command).await?;
    commit(tx).await?;
    services.announce(&run);
    let status = if run.created {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    Ok((
        status,
        Json(CreatedView {
            run_id: run.run_id,
            status: run.status,
        }),
    ))
}
