//! `POST /api/schedules`: a new schedule.

use super::{body::ScheduleBody, view::ScheduleView};
use crate::{
    actions::commit,
    caller::Caller,
    error::{ApiError, ApiResult, Problem},
    http::body::Json,
};
use ::runs::{Services, schedules};
use axum::extract::State;
use http::StatusCode;

/// Makes a schedule. It starts nothing until it is enabled.
#[utoipa::path(post, path = "/api/schedules", tag = "schedules", request_body = ScheduleBody,
    responses((status = 201, description = "The schedule.", body = ScheduleView),
        (status = 409, description = "The name is taken.", body = Problem),
        (status = 422, description = "Something does not fit.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Json(body): Json<ScheduleBody>,
) -> ApiResult<(StatusCode, Json<ScheduleView>)> {
    let draft = body.into_draft(None)?;
    let mut tx = services.begin(&claims).await?;
    let saved = schedules::save(&mut tx, &claims, draft).await?;
    let row = schedules::read(&mut tx, saved.schedule_id)
        .await?
        .ok_or_else(|| ApiError::not_found("schedule"))?;
    commit(tx).await?;
    Ok((StatusCode::CREATED, Json(row.into())))
}
