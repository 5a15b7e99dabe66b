//! `POST /api/lanes/{name}/resume`: lets a lane give out runs again.

use crate::{
    actions::commit,
    caller::Caller,
    error::{ApiResult, Problem},
    http::body::Path,
};
use ::runs::{Services, control};
use axum::extract::State;
use http::StatusCode;

/// Resumes a paused lane.
#[utoipa::path(post, path = "/api/lanes/{name}/resume", tag = "lanes", params(("name" = String, Path)),
    responses((status = 204, description = "It gives out runs."), (status = 404, description = "No such lane.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Path(name): Path<String>,
) -> ApiResult<StatusCode> {
    let mut tx = services.begin(&claims).await?;
    control::resume_lane(&mut tx, &name).await?;
    commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}
