//! `GET /api/schedules/{schedule_id}/next`: the next times of a schedule.

use super::preview::{NextView, count};
use crate::{
    caller::Caller,
    error::{ApiError, ApiResult, Problem},
    http::body::{Json, Path, Query},
};
use ::runs::{Services, schedules};
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

/// How many.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct NextQuery {
    /// Times to show, 5 when left out, 100 at most.
    #[param(minimum = 1, maximum = 100)]
    count: Option<i64>,
}

/// Shows when a schedule would be due, whether it is enabled or not.
#[utoipa::path(get, path = "/api/schedules/{schedule_id}/next", tag = "schedules", params(("schedule_id" = Uuid, Path), NextQuery),
    responses((status = 200, description = "The next times.", body = NextView),
        (status = 404, description = "No such schedule.", body = Problem),
        (status = 422, description = "The query does not fit.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Path(schedule_id): Path<Uuid>,
    Query(query): Query<NextQuery>,
) -> ApiResult<Json<NextView>> {
    let count = count(query.count)?;
    let mut tx = services.begin(&claims).await?;
    let row = schedules::read(&mut tx, schedule_id)
        .await?
        .ok_or_else(|| ApiError::not_found("schedule"))?;
    let times = schedules::preview(&mut tx, &row.cron, &row.zone, count).await?;
    Ok(Json(NextView::new(times, &row.zone)))
}
