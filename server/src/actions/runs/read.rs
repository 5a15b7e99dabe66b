//! `GET /api/runs/{run_id}`: one run.

use super::view::RunView;
use crate::{
    caller::Caller,
    error::{ApiError, ApiResult, Problem},
    http::body::{Json, Path},
};
use ::runs::{Services, control, read};
use axum::extract::State;
use chrono::{DateTime, Utc};
use db::reads::{AttemptRow, RelatedRow, WaitRow};
use domain::{Claims, RunId};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// A run with what was asked and what came of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RunDetailView {
    /// As lists show it.
    #[serde(flatten)]
    run: RunView,
    /// Parameters of the template.
    #[schema(value_type = Object)]
    params: Value,
    /// What the action works on.
    #[schema(value_type = Option<Object>)]
    scope: Option<Value>,
    /// Options of the action.
    #[schema(value_type = Object)]
    options: Value,
    /// Spreadsheet and tab.
    #[schema(value_type = Option<Object>)]
    sheet_context: Option<Value>,
    /// Outcome; null until the run is final.
    #[schema(value_type = Option<Object>)]
    result: Option<Value>,
    /// The run it repeats, or whose step started it.
    parent_run_id: Option<String>,
    /// That run.
    parent: Option<RelatedView>,
    /// Runs that repeat it, or that its steps started; at most 100, oldest first.
    children: Vec<RelatedView>,
    /// What it waits for, while it is waiting.
    waiting_for: Option<WaitView>,
    /// Runs with one key run one after the other.
    concurrency_key: Option<String>,
    /// Longest time one attempt may take.
    timeout_seconds: Option<i32>,
    /// Lines logged so far.
    log_line_count: i64,
    /// Tries, oldest first.
    attempts: Vec<AttemptView>,
    /// `{waiting, reasons: [{code, message, data}]}`: why it is not running.
    #[schema(value_type = Object)]
    wait: Value,
}

/// What a waiting run waits for.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WaitView {
    /// approval, callback, timer or run.
    kind: String,
    /// Step that waits.
    step: String,
    /// Lowest role that may decide, of an approval.
    role: Option<String>,
    /// What is asked.
    message: Option<String>,
    /// Began.
    opened_at: DateTime<Utc>,
    /// Ends by itself.
    due_at: Option<DateTime<Utc>>,
    /// What the end of the time decides: approve, reject or fail.
    on_timeout: Option<String>,
    /// Whether the caller may decide.
    may_approve: bool,
}

impl WaitView {
    fn of(row: WaitRow, claims: &Claims) -> Self {
        Self {
            may_approve: ::runs::control::may_approve(&row, claims),
            kind: row.kind,
            step: row.step,
            role: row.role,
            message: row.message,
            opened_at: row.opened_at,
            due_at: row.due_at,
            on_timeout: row.on_timeout,
        }
    }
}

/// A parent or a child of a run.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RelatedView {
    /// Its id.
    run_id: String,
    /// What people call it.
    title: String,
    /// Its status.
    status: String,
    /// Step of the parent that started the child; null when a person did.
    step: Option<String>,
    /// Made.
    created_at: DateTime<Utc>,
}

impl From<RelatedRow> for RelatedView {
    fn from(row: RelatedRow) -> Self {
        Self {
            run_id: row.run_id,
            title: row.title,
            status: row.status,
            step: row.step,
            created_at: row.created_at,
        }
    }
}

/// One try of a run.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AttemptView {
    /// Number, from 1.
    attempt: i32,
    /// Lease it held.
    lease_seq: i64,
    /// Worker that held it.
    worker: String,
    /// Claimed.
    claimed_at: DateTime<Utc>,
    /// Ended.
    ended_at: Option<DateTime<Utc>>,
    /// How it ended, or `running`.
    outcome: String,
    /// Why it ended badly.
    #[schema(value_type = Option<Object>)]
    error: Option<Value>,
}

impl From<AttemptRow> for AttemptView {
    fn from(row: AttemptRow) -> Self {
        Self {
            attempt: row.attempt,
            lease_seq: row.lease_seq,
            worker: row.worker_name,
            claimed_at: row.claimed_at,
            ended_at: row.ended_at,
            outcome: row.outcome,
            error: row.error,
        }
    }
}

/// Reads a run.
#[utoipa::path(get, path = "/api/runs/{run_id}", tag = "runs", params(("run_id" = String, Path)),
    responses((status = 200, description = "The run.", body = RunDetailView),
        (status = 404, description = "No such run.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Path(run_id): Path<RunId>,
) -> ApiResult<Json<RunDetailView>> {
    let mut tx = services.begin(&claims).await?;
    let detail = read::run(&mut tx, run_id.as_str())
        .await?
        .ok_or_else(|| ApiError::not_found("run"))?;
    let wait = control::explain_wait(&mut tx, run_id.as_str()).await?;
    let relatives = read::relatives(&mut tx, run_id.as_str()).await?;
    let body = detail.body;
    Ok(Json(RunDetailView {
        run: detail.row.into(),
        params: body.params,
        scope: body.scope,
        options: body.options,
        sheet_context: body.sheet_context,
        result: body.result,
        parent_run_id: body.parent_run_id,
        parent: relatives.parent.map(Into::into),
        children: relatives.children.into_iter().map(Into::into).collect(),
        waiting_for: detail.wait.map(|wait| WaitView::of(wait, &claims)),
        concurrency_key: body.concurrency_key,
        timeout_seconds: body.timeout_seconds,
        log_line_count: body.log_line_count,
        attempts: detail.attempts.into_iter().map(Into::into).collect(),
        wait,
    }))
}

/// Refuses a run that the caller cannot see, before its parts are listed.
pub(super) async fn must_exist(conn: &mut db::PgConnection, run_id: &RunId) -> ApiResult<()> {
    let rows = db::reads::runs_by_id(conn, &[run_id.to_string()]).await?;
    if rows.is_empty() {
        Err(ApiError::not_found("run"))
    } else {
        Ok(())
    }
}
