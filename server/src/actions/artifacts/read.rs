//! `GET /api/artifacts/{artifact_id}`: what an artifact is.

use super::view::ArtifactView;
use crate::{
    caller::Caller,
    error::{ApiError, ApiResult, Problem},
    http::body::{Json, Path},
};
use ::runs::{Services, read};
use axum::extract::State;
use uuid::Uuid;

/// Reads an artifact, without its bytes.
#[utoipa::path(get, path = "/api/artifacts/{artifact_id}", tag = "artifacts", params(("artifact_id" = Uuid, Path)),
    responses((status = 200, description = "The artifact.", body = ArtifactView),
        (status = 404, description = "No such artifact.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Path(artifact_id): Path<Uuid>,
) -> ApiResult<Json<ArtifactView>> {
    let mut tx = services.begin(&claims).await?;
    let row = read::artifact(&mut tx, artifact_id)
        .await?
        .ok_or_else(|| ApiError::not_found("artifact"))?;
    Ok(Json(row.into()))
}
