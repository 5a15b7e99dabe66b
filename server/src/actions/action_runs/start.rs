//! `POST /actions/run`: starts an action.

use crate::{
    actions::{
        commit,
        runs::{create::RequestedBy, idempotency::IdempotencyHeaders},
    },
    caller::Caller,
    error::{ApiError, ApiResult, Problem},
    http::body::Json,
};
use ::runs::{
    Services,
    actions::{ActionRequest, start},
};
use axum::extract::State;
use chrono::{DateTime, Utc};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// Which action, on what, how.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StartBody {
    /// Name of the action.
    action: String,
    /// What it works on; left out by actions that work on no rows.
    #[schema(value_type = Option<Object>)]
    scope: Option<Value>,
    /// Spreadsheet and tab of the click.
    #[schema(value_type = Option<Object>)]
    sheet_context: Option<Value>,
    /// Options of the action.
    #[serde(default)]
    #[schema(value_type = Object)]
    options: Map<String, Value>,
    /// Where the click comes from.
    requested_by: Option<RequestedBy>,
}

/// The run that stands for the click.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StartedView {
    /// Its id.
    run_id: String,
    /// Its status.
    status: String,
    /// An equal run was queued already and answers for this click too.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    coalesced: bool,
    /// When it was queued.
    queued_at: Option<DateTime<Utc>>,
}

/// Starts an action as a run.
#[utoipa::path(post, path = "/actions/run", tag = "actions", request_body = StartBody,
    params(("Idempotency-Key" = Option<String>, Header, description = "One per click."),
        ("Idempotency-Mode" = Option<String>, Header, description = "return (default), reject or replace.")),
    responses((status = 201, description = "The run was made.", body = StartedView),
        (status = 200, description = "The same key, or an equal run that was queued already.", body = StartedView),
        (status = 422, description = "Unknown action, or a field that does not fit: what is allowed is said.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    idempotency: IdempotencyHeaders,
    Json(body): Json<StartBody>,
) -> ApiResult<(StatusCode, Json<StartedView>)> {
    let requested_by = body.requested_by.unwrap_or_default();
    let request = ActionRequest {
        action: body.action,
        scope: body.scope,
        sheet_context: body.sheet_context,
        options: body.options,
        ui: requested_by.ui,
        claimed_email: requested_by.user_email,
        idempotency: idempotency.0,
    };
    let mut tx = services.begin(&claims).await?;
    let run = start(&mut tx, &claims, request)
        .await
        .map_err(|error| ApiError::from(error).inside("options"))?;
    let row = db::reads::runs_by_id(&mut tx, std::slice::from_ref(&run.run_id))
        .await?
        .pop();
    commit(tx).await?;
    let status = if run.created {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    let view = StartedView {
        run_id: run.run_id,
        status: run.status,
        coalesced: run.coalesced,
        queued_at: row.map(|row| row.queued_at),
    };
    Ok((status, Json(view)))
}
