//! `GET /api/schedules/{schedule_id}`: one schedule and what became of its last times.

use super::view::{ScheduleView, TickView};
use crate::{
    caller::Caller,
    error::{ApiError, ApiResult, Problem},
    http::body::{Json, Path},
};
use ::runs::{Services, schedules};
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

const LAST_TICKS: i64 = 50;

/// A schedule with its story.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ScheduleStory {
    /// The schedule.
    #[serde(flatten)]
    schedule: ScheduleView,
    /// What became of its last times, newest first.
    ticks: Vec<TickView>,
}

/// Reads a schedule.
#[utoipa::path(get, path = "/api/schedules/{schedule_id}", tag = "schedules", params(("schedule_id" = Uuid, Path)),
    responses((status = 200, description = "The schedule.", body = ScheduleStory),
        (status = 404, description = "No such schedule.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Path(schedule_id): Path<Uuid>,
) -> ApiResult<Json<ScheduleStory>> {
    let mut tx = services.begin(&claims).await?;
    let row = schedules::read(&mut tx, schedule_id)
        .await?
        .ok_or_else(|| ApiError::not_found("schedule"))?;
    let ticks = schedules::ticks(&mut tx, schedule_id, LAST_TICKS).await?;
    Ok(Json(ScheduleStory {
        schedule: row.into(),
        ticks: ticks.into_iter().map(Into::into).collect(),
    }))
}
