//! `GET /api/templates/{slug}/versions/{version}`: one version by its number.

use super::read::TemplateVersionView;
use crate::{
    caller::Caller,
    error::{ApiError, ApiResult, Problem},
    http::body::{Json, Path},
};
use ::runs::Services;
use axum::extract::State;

/// Reads one version of a template.
#[utoipa::path(get, path = "/api/templates/{slug}/versions/{version}", tag = "templates",
    params(("slug" = String, Path), ("version" = i32, Path)),
    responses((status = 200, description = "The version.", body = TemplateVersionView),
        (status = 404, description = "No such version.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Path((slug, version)): Path<(String, i32)>,
) -> ApiResult<Json<TemplateVersionView>> {
    let mut tx = services.begin(&claims).await?;
    let row = db::reads::template(&mut tx, &slug, Some(version)).await?;
    Ok(Json(row.ok_or_else(|| ApiError::not_found("version"))?.into()))
}
