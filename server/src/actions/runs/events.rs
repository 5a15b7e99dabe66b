//! `GET /api/runs/{run_id}/events`: the story of a run.

use super::read::must_exist;
use crate::{
    actions::Page,
    caller::Caller,
    error::{ApiResult, Problem},
    http::body::{Json, Path},
};
use ::runs::{
    Services,
    read::{self, EVENTS_SHOWN},
};
use axum::extract::State;
use chrono::{DateTime, Utc};
use db::reads::EventRow;
use domain::RunId;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// One thing that happened.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EventView {
    /// Lease it was written under; 0 for the control plane and people.
    lease_seq: i64,
    /// Number inside the lease.
    seq: i64,
    /// When.
    at: DateTime<Utc>,
    /// Stable word.
    kind: String,
    /// Sentence for people.
    message: String,
    /// Details.
    #[schema(value_type = Option<Object>)]
    data: Option<Value>,
}

impl From<EventRow> for EventView {
    fn from(row: EventRow) -> Self {
        Self {
            lease_seq: row.lease_seq,
            seq: row.seq,
            at: row.at,
            kind: row.kind,
            message: row.message,
            data: row.data,
        }
    }
}

/// Lists the events of a run, oldest first.
#[utoipa::path(get, path = "/api/runs/{run_id}/events", tag = "runs", params(("run_id" = String, Path)),
    responses((status = 200, description = "Its events.", body = Page<EventView>),
        (status = 404, description = "No such run.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Path(run_id): Path<RunId>,
) -> ApiResult<Json<Page<EventView>>> {
    let mut tx = services.begin(&claims).await?;
    must_exist(&mut tx, &run_id).await?;
    Ok(Json(Page::whole(
        read::events(&mut tx, run_id.as_str(), EVENTS_SHOWN).await?,
    )))
}
