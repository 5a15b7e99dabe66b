//! `POST /workers.heartbeat`: says that a worker lives.

use crate::{
    actions::commit,
    caller::Caller,
    error::{ApiError, ApiResult, Problem},
    http::body::Json,
};
use ::runs::{
    Services,
    remote::{self, WorkerState},
};
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Which worker.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkerBody {
    /// Its id.
    pub worker_id: Uuid,
}

/// Which worker, and how it is.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HeartbeatBody {
    /// Its id.
    pub worker_id: Uuid,
    /// Memory of its process (resident set), in bytes.
    #[serde(default)]
    pub memory_bytes: Option<i64>,
}

/// What the control plane thinks of a worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StateWord {
    /// It may claim.
    Ok,
    /// It finishes what it holds and gets no more.
    Draining,
}

/// The state of a worker.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct WorkerStateView {
    /// One word.
    pub state: StateWord,
}

/// Says that a worker lives. The leases of its runs are renewed by `/runs.heartbeat`.
#[utoipa::path(post, path = "/workers.heartbeat", tag = "worker", request_body = HeartbeatBody,
    responses((status = 200, description = "It lives.", body = WorkerStateView),
        (status = 404, description = "Register again: its life was declared over.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Json(body): Json<HeartbeatBody>,
) -> ApiResult<Json<WorkerStateView>> {
    let mut tx = services.begin_for_worker(&claims).await?;
    let state = remote::heartbeat_worker(&mut tx, body.worker_id, body.memory_bytes).await?;
    commit(tx).await?;
    Ok(Json(WorkerStateView { state: word(state)? }))
}

/// The word for a state; a worker that is not known must register.
pub(super) fn word(state: WorkerState) -> ApiResult<StateWord> {
    match state {
        WorkerState::Ok => Ok(StateWord::Ok),
        WorkerState::Draining => Ok(StateWord::Draining),
        WorkerState::Unknown => Err(ApiError::not_found("worker at work").hint("Register again.")),
    }
}
