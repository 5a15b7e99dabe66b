//! `GET /api/runs/{run_id}/steps`: the steps of a run, over all tries.

use super::read::must_exist;
use crate::{
    actions::Page,
    caller::Caller,
    error::{ApiResult, Problem},
    http::body::{Json, Path},
};
use ::runs::{Services, read};
use axum::extract::State;
use chrono::{DateTime, Utc};
use db::reads::StepRow;
use domain::RunId;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// One step in one attempt.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StepView {
    /// Id in the template.
    step: String,
    /// Attempt it belongs to.
    attempt: i32,
    /// Lease it ran under.
    lease_seq: i64,
    /// Place in the template, from 0.
    position: i32,
    /// What people call it.
    title: String,
    /// Step kind.
    kind: String,
    /// running, success, failed, skipped, canceled, lost or released.
    status: String,
    /// Try inside the attempt, from 1.
    #[serde(rename = "try")]
    try_number: i32,
    /// Began.
    started_at: Option<DateTime<Utc>>,
    /// Ended.
    finished_at: Option<DateTime<Utc>>,
    /// What later steps may read.
    #[schema(value_type = Option<Object>)]
    output: Option<Value>,
    /// Why it failed.
    #[schema(value_type = Option<Object>)]
    error: Option<Value>,
}

impl From<StepRow> for StepView {
    fn from(row: StepRow) -> Self {
        Self {
            step: row.step,
            attempt: row.attempt,
            lease_seq: row.lease_seq,
            position: row.position,
            title: row.title,
            kind: row.kind,
            status: row.status,
            try_number: row.try_number,
            started_at: row.started_at,
            finished_at: row.finished_at,
            output: row.output,
            error: row.error,
        }
    }
}

/// Lists the steps of a run.
#[utoipa::path(get, path = "/api/runs/{run_id}/steps", tag = "runs", params(("run_id" = String, Path)),
    responses((status = 200, description = "Its steps.", body = Page<StepView>),
        (status = 404, description = "No such run.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Path(run_id): Path<RunId>,
) -> ApiResult<Json<Page<StepView>>> {
    let mut tx = services.begin(&claims).await?;
    must_exist(&mut tx, &run_id).await?;
    Ok(Json(Page::whole(read::steps(&mut tx, run_id.as_str()).await?)))
}
