//! `POST /api/schedules/{schedule_id}/run-now`: starts what a schedule would start.

use crate::{
    actions::{commit, runs::create::CreatedView},
    caller::Caller,
    error::{ApiResult, Problem},
    http::body::{Json, Path},
};
use ::runs::{Services, schedules};
use axum::extract::State;
use http::StatusCode;
use uuid::Uuid;

/// Starts a schedule's work now. Neither its guards nor being paused holds it back, and its next time stays.
#[utoipa::path(post, path = "/api/schedules/{schedule_id}/run-now", tag = "schedules", params(("schedule_id" = Uuid, Path)),
    responses((status = 201, description = "The run.", body = CreatedView),
        (status = 404, description = "No such schedule.", body = Problem),
        (status = 422, description = "What it starts is gone.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Path(schedule_id): Path<Uuid>,
) -> ApiResult<(StatusCode, Json<CreatedView>)> {
    let mut tx = services.begin(&claims).await?;
    let run = schedules::run_now(&mut tx, schedule_id).await?;
    commit(tx).await?;
    let view = CreatedView {
        run_id: run.run_id,
        status: run.status,
    };
    Ok((StatusCode::CREATED, Json(view)))
}
