//! `GET /api/stats`: the numbers on top of the board and the last hour by minutes.

use crate::{caller::Caller, error::ApiResult, http::body::Json};
use ::runs::{Services, board::CHART_MINUTES};
use axum::extract::State;
use chrono::{DateTime, Utc};
use db::reads::{self, Minute, Strip};
use serde::Serialize;
use utoipa::ToSchema;

/// Numbers over all runs.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StatsView {
    /// Workers with a fresh heartbeat.
    workers_fresh: i64,
    /// Workers silent too long that have not stopped in order.
    workers_stale: i64,
    /// Slots of the fresh ones.
    slots: i64,
    /// Running now.
    running: i64,
    /// Due and queued.
    queued: i64,
    /// When the oldest due run was queued.
    oldest_queued_at: Option<DateTime<Utc>>,
    /// Its lane.
    oldest_queued_lane: Option<String>,
    /// Failed for good in the last 24 hours.
    failed_24h: i64,
    /// Ended in the last 24 hours.
    finished_24h: i64,
    /// Running with an expired lease.
    stuck: i64,
    /// Attempts recovered from a lost worker in the last 24 hours.
    recovered_24h: i64,
    /// The last hour, oldest first.
    minutes: Vec<MinuteView>,
}

/// One minute.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MinuteView {
    /// Its beginning.
    minute: DateTime<Utc>,
    /// Ended well or canceled.
    finished: i64,
    /// Failed for good.
    failed: i64,
    /// Queued and not yet started at its end.
    queue_depth: i64,
}

impl StatsView {
    fn new(strip: Strip, minutes: Vec<Minute>) -> Self {
        Self {
            workers_fresh: strip.workers_fresh,
            workers_stale: strip.workers_stale,
            slots: strip.slots,
            running: strip.running,
            queued: strip.queued,
            oldest_queued_at: strip.oldest_queued_at,
            oldest_queued_lane: strip.oldest_queued_lane,
            failed_24h: strip.failed_24h,
            finished_24h: strip.finished_24h,
            stuck: strip.stuck,
            recovered_24h: strip.recovered_24h,
            minutes: minutes.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<Minute> for MinuteView {
    fn from(row: Minute) -> Self {
        Self {
            minute: row.minute,
            finished: row.finished,
            failed: row.failed,
            queue_depth: row.queue_depth,
        }
    }
}

/// Reads the numbers.
#[utoipa::path(get, path = "/api/stats", tag = "stats",
    responses((status = 200, description = "The numbers.", body = StatsView)))]
pub async fn handler(State(services): State<Services>, Caller(claims): Caller) -> ApiResult<Json<StatsView>> {
    let mut tx = services.begin(&claims).await?;
    let strip = reads::strip(&mut tx).await?;
    let minutes = reads::minutes(&mut tx, CHART_MINUTES).await?;
    Ok(Json(StatsView::new(strip, minutes)))
}
