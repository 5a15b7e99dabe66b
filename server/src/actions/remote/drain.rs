//! `POST /workers.drain`: gives a worker no more work.

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

/// Gives a worker no more work; what it holds it finishes.
#[utoipa::path(post, path = "/workers.drain", tag = "worker", request_body = WorkerBody,
    responses((status = 204, description = "It gets no more runs."), (status = 404, description = "No such worker of yours.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Json(body): Json<WorkerBody>,
) -> ApiResult<StatusCode> {
    let mut tx = services.begin_for_worker(&claims).await?;
    remote::drain_worker(&mut tx, body.worker_id).await?;
    commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}
