//! `GET /api/schedules`: every schedule.

use super::view::ScheduleView;
use crate::{actions::Page, caller::Caller, error::ApiResult, http::body::Json};
use ::runs::{Services, schedules};
use axum::extract::State;

/// Lists the schedules.
#[utoipa::path(get, path = "/api/schedules", tag = "schedules",
    responses((status = 200, description = "Schedules by name.", body = Page<ScheduleView>)))]
pub async fn handler(State(services): State<Services>, Caller(claims): Caller) -> ApiResult<Json<Page<ScheduleView>>> {
    let mut tx = services.begin(&claims).await?;
    Ok(Json(Page::whole(schedules::list(&mut tx).await?)))
}
