//! `GET /api/templates/{slug}`: one version of a template.

use crate::{
    caller::Caller,
    error::{ApiError, ApiResult, Problem},
    http::body::{Json, Path, Query},
};
use ::runs::Services;
use axum::extract::State;
use chrono::{DateTime, Utc};
use db::reads::TemplateVersion;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

/// Which version.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct VersionQuery {
    /// Number; left out means the newest.
    version: Option<i32>,
}

/// One version of a template.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TemplateVersionView {
    /// Name.
    slug: String,
    /// Number, from 1.
    version: i32,
    /// With every default filled in.
    #[schema(value_type = Object)]
    definition: Value,
    /// As a person wrote it.
    source: String,
    /// Saved by.
    created_by: Option<String>,
    /// Saved at.
    created_at: DateTime<Utc>,
}

impl From<TemplateVersion> for TemplateVersionView {
    fn from(row: TemplateVersion) -> Self {
        Self {
            slug: row.slug,
            version: row.version,
            definition: row.definition,
            source: row.source,
            created_by: row.created_by,
            created_at: row.created_at,
        }
    }
}

/// Reads a template.
#[utoipa::path(get, path = "/api/templates/{slug}", tag = "templates", params(("slug" = String, Path), VersionQuery),
    responses((status = 200, description = "The version.", body = TemplateVersionView),
        (status = 404, description = "No such template.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Path(slug): Path<String>,
    Query(query): Query<VersionQuery>,
) -> ApiResult<Json<TemplateVersionView>> {
    let mut tx = services.begin(&claims).await?;
    let row = db::reads::template(&mut tx, &slug, query.version).await?;
    Ok(Json(row.ok_or_else(|| ApiError::not_found("template"))?.into()))
}
