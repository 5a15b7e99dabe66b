//! `PATCH /api/schedules/{schedule_id}`: changes some fields of a schedule.

use super::{body::ScheduleBody, view::ScheduleView};
use crate::{
    actions::commit,
    caller::Caller,
    error::{ApiError, ApiResult, Problem},
    http::body::{Json, Path},
};
use ::runs::{Services, schedules};
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

/// Fields of the schedule to replace; null takes a value away. `version` is the one that was read: when
/// somebody changed the schedule since, nothing happens.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct ScheduleChanges {
    /// The version that was read.
    version: Option<i64>,
    /// Any field of a schedule.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    fields: Map<String, Value>,
}

/// Changes a schedule; `{"enabled": false}` pauses it.
#[utoipa::path(patch, path = "/api/schedules/{schedule_id}", tag = "schedules", params(("schedule_id" = Uuid, Path)),
    request_body = ScheduleChanges,
    responses((status = 200, description = "The changed schedule.", body = ScheduleView),
        (status = 404, description = "No such schedule.", body = Problem),
        (status = 409, description = "Somebody changed it meanwhile.", body = Problem),
        (status = 422, description = "Something does not fit.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Path(schedule_id): Path<Uuid>,
    Json(changes): Json<ScheduleChanges>,
) -> ApiResult<Json<ScheduleView>> {
    let gone = || ApiError::not_found("schedule");
    let mut tx = services.begin(&claims).await?;
    let row = schedules::read(&mut tx, schedule_id).await?.ok_or_else(gone)?;
    let version = changes.version.unwrap_or(row.version);
    let draft = ScheduleBody::patched(&row, &changes.fields)?.into_draft(Some((schedule_id, version)))?;
    schedules::save(&mut tx, &claims, draft).await?;
    let row = schedules::read(&mut tx, schedule_id).await?.ok_or_else(gone)?;
    commit(tx).await?;
    Ok(Json(row.into()))
}
