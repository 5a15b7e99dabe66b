//! `GET /api/lanes`: every lane with its load.

use crate::{actions::Page, caller::Caller, error::ApiResult, http::body::Json};
use ::runs::{Services, read};
use axum::extract::State;
use chrono::{DateTime, Utc};
use db::reads::LaneRow;
use serde::Serialize;
use utoipa::ToSchema;

/// A lane with its present load.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LaneView {
    /// Name.
    name: String,
    /// One word.
    title: String,
    /// What it is for.
    purpose: String,
    /// Place on the board.
    position: i32,
    /// Limit, if any.
    max_running: Option<i32>,
    /// Runs with one concurrency key that may run at once.
    max_per_key: i32,
    /// Claims per `rate_seconds`, if limited.
    rate_limit: Option<i32>,
    /// The time that `rate_limit` is about.
    rate_seconds: Option<i32>,
    /// Seconds of waiting for one point of priority, if any.
    aging_seconds: Option<i32>,
    /// Grows with every edit; an edit names it.
    version: i64,
    /// Paused since.
    paused_at: Option<DateTime<Utc>>,
    /// By whom.
    paused_by: Option<String>,
    /// Why.
    pause_reason: Option<String>,
    /// Running now.
    running: i64,
    /// Due and queued.
    queued: i64,
    /// Queued for later.
    deferred: i64,
    /// When the oldest due run was queued.
    oldest_queued_at: Option<DateTime<Utc>>,
}

impl From<LaneRow> for LaneView {
    fn from(row: LaneRow) -> Self {
        Self {
            name: row.name,
            title: row.title,
            purpose: row.purpose,
            position: row.position,
            max_running: row.max_running,
            max_per_key: row.max_per_key,
            rate_limit: row.rate_limit,
            rate_seconds: row.rate_seconds,
            aging_seconds: row.aging_seconds,
            version: row.version,
            paused_at: row.paused_at,
            paused_by: row.paused_by,
            pause_reason: row.pause_reason,
            running: row.running,
            queued: row.queued,
            deferred: row.deferred,
            oldest_queued_at: row.oldest_queued_at,
        }
    }
}

/// Lists the lanes.
#[utoipa::path(get, path = "/api/lanes", tag = "lanes",
    responses((status = 200, description = "Lanes in board order.", body = Page<LaneView>)))]
pub async fn handler(State(services): State<Services>, Caller(claims): Caller) -> ApiResult<Json<Page<LaneView>>> {
    let mut tx = services.begin(&claims).await?;
    Ok(Json(Page::whole(read::lanes(&mut tx).await?)))
}
