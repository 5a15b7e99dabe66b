//! `GET /actions/run/{run_id}`: how an action goes.

use crate::{
    caller::Caller,
    error::{ApiError, ApiResult, Problem},
    http::body::{Json, Path},
};
use ::runs::{Services, read};
use axum::extract::State;
use chrono::{DateTime, Utc};
use domain::RunId;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

/// A run as the sheet menus poll it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ActionRunView {
    /// Its id.
    run_id: String,
    /// Name of the action.
    action: Option<String>,
    /// queued, running, waiting, success, failed or canceled.
    status: String,
    /// Queued.
    queued_at: DateTime<Utc>,
    /// First claimed.
    started_at: Option<DateTime<Utc>>,
    /// Ended for good.
    finished_at: Option<DateTime<Utc>>,
    /// `{done, total, message}`.
    #[schema(value_type = Object)]
    progress: Value,
    /// Outcome; null until the run is final.
    #[schema(value_type = Option<Object>)]
    result: Option<Value>,
    /// `{code, message, hint, step, trace_id}`.
    #[schema(value_type = Option<Object>)]
    error: Option<Value>,
}

/// Reads the run of an action.
#[utoipa::path(get, path = "/actions/run/{run_id}", tag = "actions", params(("run_id" = String, Path)),
    responses((status = 200, description = "The run.", body = ActionRunView),
        (status = 404, description = "No such run.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Path(run_id): Path<RunId>,
) -> ApiResult<Json<ActionRunView>> {
    let mut tx = services.begin(&claims).await?;
    let detail = read::run(&mut tx, run_id.as_str())
        .await?
        .ok_or_else(|| ApiError::not_found("run"))?;
    let row = detail.row;
    // A template counts its steps where an action counts its rows.
    let by_steps = || json!({"done": row.steps_done, "total": row.steps_total, "message": row.current_step});
    Ok(Json(ActionRunView {
        progress: row.progress.clone().unwrap_or_else(by_steps),
        run_id: row.run_id,
        action: row.action,
        status: row.status,
        queued_at: row.queued_at,
        started_at: row.started_at,
        finished_at: row.finished_at,
        result: detail.body.result,
        error: row.error,
    }))
}
