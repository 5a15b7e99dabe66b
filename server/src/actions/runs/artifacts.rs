//! `GET /api/runs/{run_id}/artifacts`: what a run left behind.

use super::read::must_exist;
use crate::{
    actions::{Page, artifacts::view::ArtifactView},
    caller::Caller,
    error::{ApiResult, Problem},
    http::body::{Json, Path},
};
use ::runs::{Services, read};
use axum::extract::State;
use domain::RunId;

/// Lists the artifacts of a run.
#[utoipa::path(get, path = "/api/runs/{run_id}/artifacts", tag = "artifacts", params(("run_id" = String, Path)),
    responses((status = 200, description = "Its artifacts.", body = Page<ArtifactView>),
        (status = 404, description = "No such run.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Path(run_id): Path<RunId>,
) -> ApiResult<Json<Page<ArtifactView>>> {
    let mut tx = services.begin(&claims).await?;
    must_exist(&mut tx, &run_id).await?;
    Ok(Json(Page::whole(read::artifacts(&mut tx, run_id.as_str()).await?)))
}
