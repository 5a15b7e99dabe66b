//! `GET /api/templates`: every template.

use crate::{actions::Page, caller::Caller, error::ApiResult, http::body::Json};
use ::runs::{Services, read};
use axum::extract::State;
use chrono::{DateTime, Utc};
use db::reads::TemplateRow;
use serde::Serialize;
use utoipa::ToSchema;

/// A template in the list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TemplateView {
    /// Name in addresses.
    slug: String,
    /// What people call it.
    title: String,
    /// What it is for.
    description: String,
    /// Its lane.
    lane: String,
    /// Newest version.
    latest_version: i32,
    /// Last saved.
    updated_at: DateTime<Utc>,
}

impl From<TemplateRow> for TemplateView {
    fn from(row: TemplateRow) -> Self {
        Self {
            slug: row.slug,
            title: row.title,
            description: row.description,
            lane: row.lane,
            latest_version: row.latest_version,
            updated_at: row.updated_at,
        }
    }
}

/// Lists the templates.
#[utoipa::path(get, path = "/api/templates", tag = "templates",
    responses((status = 200, description = "Templates by title.", body = Page<TemplateView>)))]
pub async fn handler(State(services): State<Services>, Caller(claims): Caller) -> ApiResult<Json<Page<TemplateView>>> {
    let mut tx = services.begin(&claims).await?;
    Ok(Json(Page::whole(read::templates(&mut tx).await?)))
}
