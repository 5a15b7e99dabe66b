//! `GET /api/templates/{slug}/versions`: every version of a template.

use crate::{
    actions::Page,
    caller::Caller,
    error::{ApiError, ApiResult, Problem},
    http::body::{Json, Path},
};
use ::runs::Services;
use axum::extract::State;
use chrono::{DateTime, Utc};
use db::reads::VersionRow;
use serde::Serialize;
use utoipa::ToSchema;

/// A version in the list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct VersionView {
    /// Number, from 1.
    version: i32,
    /// Saved by.
    created_by: Option<String>,
    /// Saved at.
    created_at: DateTime<Utc>,
}

impl From<VersionRow> for VersionView {
    fn from(row: VersionRow) -> Self {
        Self {
            version: row.version,
            created_by: row.created_by,
            created_at: row.created_at,
        }
    }
}

/// Lists the versions of a template, newest first.
#[utoipa::path(get, path = "/api/templates/{slug}/versions", tag = "templates", params(("slug" = String, Path)),
    responses((status = 200, description = "Versions, newest first.", body = Page<VersionView>),
        (status = 404, description = "No such template.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Path(slug): Path<String>,
) -> ApiResult<Json<Page<VersionView>>> {
    let mut tx = services.begin(&claims).await?;
    let versions = db::reads::template_versions(&mut tx, &slug).await?;
    if versions.is_empty() {
        return Err(ApiError::not_found("template"));
    }
    Ok(Json(Page::whole(versions)))
}
