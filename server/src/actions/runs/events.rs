//! `GET /api/runs/{run_id}/events`: the story of a run.

use super::read::must_exist;
use crate::{
    actions::Page,
    caller::Caller,
    error::{ApiError, ApiResult, Problem},
    http::body::{Json, Path, Query},
};
use ::runs::{
    Services,
    read::{self, EVENTS_SHOWN, EventPlace},
};
use axum::extract::State;
use chrono::{DateTime, Utc};
use db::reads::EventRow;
use domain::RunId;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

/// Which part of the story.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct EventsQuery {
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Events per page, 1000 when left out and at most.
    limit: Option<i64>,
}

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
#[utoipa::path(get, path = "/api/runs/{run_id}/events", tag = "runs", params(("run_id" = String, Path), EventsQuery),
    responses((status = 200, description = "Its events.", body = Page<EventView>),
        (status = 404, description = "No such run.", body = Problem),
        (status = 422, description = "The query does not fit.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Path(run_id): Path<RunId>,
    Query(query): Query<EventsQuery>,
) -> ApiResult<Json<Page<EventView>>> {
    let limit = query.limit.unwrap_or(EVENTS_SHOWN);
    if !(1..=EVENTS_SHOWN).contains(&limit) {
        return Err(ApiError::invalid(
            "limit",
            format!("A page has 1 to {EVENTS_SHOWN} events."),
        ));
    }
    let after = query.cursor.as_deref().map(str::parse::<EventPlace>).transpose();
    let after = after.map_err(|()| ApiError::invalid("cursor", "A cursor is the next_cursor of an earlier page."))?;
    let mut tx = services.begin(&claims).await?;
    must_exist(&mut tx, &run_id).await?;
    // One more tells whether there is another page.
    let mut rows = read::events_page(&mut tx, run_id.as_str(), after, limit + 1).await?;
    let is_last = rows.len() as i64 <= limit;
    rows.truncate(limit as usize);
    Ok(Json(Page {
        next_cursor: rows
            .last()
            .filter(|_| !is_last)
            .map(|row| EventPlace::of(row).to_string()),
        items: rows.into_iter().map(Into::into).collect(),
    }))
}
