//! `PUT /api/templates/{slug}`: saves the next version of a template.

use crate::{
    actions::commit,
    caller::Caller,
    error::{ApiError, ApiResult, Problem},
    http::body::{self, Json, Path},
};
use ::runs::{Services, template};
use axum::extract::{Request, State};
use serde::Serialize;
use utoipa::ToSchema;

/// The saved version.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SavedView {
    /// Name.
    slug: String,
    /// Its number, from 1.
    version: i32,
}

/// Saves a template: the text of it as YAML or JSON, whatever the content type says. One whose steps start
/// programs, containers or agents takes an administrator.
#[utoipa::path(put, path = "/api/templates/{slug}", tag = "templates", params(("slug" = String, Path)),
    request_body(content = String, content_type = "application/yaml"),
    responses((status = 200, description = "The saved version.", body = SavedView),
        (status = 422, description = "Each thing wrong with its line and column.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Path(slug): Path<String>,
    request: Request,
) -> ApiResult<Json<SavedView>> {
    let bytes = body::read(request, &services).await?;
    let source = std::str::from_utf8(&bytes).map_err(|_| ApiError::invalid("body", "The text is not UTF-8."))?;
    let mut tx = services.begin(&claims).await?;
    let saved = template::save(&mut tx, &claims, source).await?;
    if saved.template.slug != slug {
        let detail = format!(
            "The address says {slug:?}, the template says {:?}.",
            saved.template.slug
        );
        return Err(ApiError::invalid("slug", detail));
    }
    commit(tx).await?;
    Ok(Json(SavedView {
        slug,
        version: saved.version,
    }))
}
