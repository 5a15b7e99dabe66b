//! `POST /workers.deregister`: ends the life of a worker.

use super::heartbeat::WorkerBody;
use crate::{
    actions::commit,
    caller::Caller,
    error::{ApiResult, Problem},
    http::body::Json,
};
use ::runs::{Services, remote};
use axum::extract::State;
use http::StatusCode;

/// Ends the life of a worker. What it still holds goes back at once, without penalty.
#[utoipa::path(post, path = "/workers.deregister", tag = "worker", request_body = WorkerBody,
    responses((status = 204, description = "It is gone."), (status = 404, description = "No such worker of yours.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Json(body): Json<WorkerBody>,
) -> ApiResult<StatusCode> {
    let mut tx = services.begin_for_worker(&claims).await?;
    remote::deregister_worker(&mut tx, body.worker_id).await?;
    commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}
