//! `POST /api/workers/{worker_id}/drain`: tells a worker to take no more runs.

use crate::{
    actions::commit,
    caller::Caller,
    error::{ApiResult, Problem},
    http::body::Path,
};
use ::runs::{Services, control};
use axum::extract::State;
use http::StatusCode;
use uuid::Uuid;

/// Drains a worker; what it holds it finishes.
#[utoipa::path(post, path = "/api/workers/{worker_id}/drain", tag = "workers", params(("worker_id" = Uuid, Path)),
    responses((status = 204, description = "It takes no more runs."), (status = 404, description = "No such worker.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Path(worker_id): Path<Uuid>,
) -> ApiResult<StatusCode> {
    let mut tx = services.begin(&claims).await?;
    control::drain_worker(&mut tx, worker_id).await?;
    commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}
