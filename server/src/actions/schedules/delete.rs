//! `DELETE /api/schedules/{schedule_id}`: forgets a schedule.

use crate::{
    actions::commit,
    caller::Caller,
    error::{ApiResult, Problem},
    http::body::Path,
};
use ::runs::{Services, schedules};
use axum::extract::State;
use http::StatusCode;
use uuid::Uuid;

/// Forgets a schedule; what it has started goes on.
#[utoipa::path(delete, path = "/api/schedules/{schedule_id}", tag = "schedules", params(("schedule_id" = Uuid, Path)),
    responses((status = 204, description = "It is gone."), (status = 404, description = "No such schedule.", body = Problem),
        (status = 409, description = "It belongs to Runboard; pause it.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Path(schedule_id): Path<Uuid>,
) -> ApiResult<StatusCode> {
    let mut tx = services.begin(&claims).await?;
    schedules::delete(&mut tx, schedule_id).await?;
    commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}
