//! `POST /api/lanes/{name}/pause`: stops a lane from giving out runs.

use crate::{
    actions::commit,
    caller::Caller,
    error::{ApiResult, Problem},
    http::body::{Json, Path},
};
use ::runs::{Services, control};
use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

/// Why.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PauseBody {
    /// Shown on the board.
    reason: Option<String>,
}

/// Pauses a lane; what runs goes on.
#[utoipa::path(post, path = "/api/lanes/{name}/pause", tag = "lanes", params(("name" = String, Path)), request_body = PauseBody,
    responses((status = 204, description = "It is paused."), (status = 404, description = "No such lane.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Path(name): Path<String>,
    Json(body): Json<PauseBody>,
) -> ApiResult<StatusCode> {
    let mut tx = services.begin(&claims).await?;
    control::pause_lane(&mut tx, &name, body.reason.as_deref()).await?;
    commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}
