//! `GET /api/views`: saved filters over runs.

use crate::{actions::Page, caller::Caller, error::ApiResult, http::body::Json};
use ::runs::{
    Services,
    views::{self, ViewRow},
};
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A filter with a name.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SavedView {
    /// Id.
    view_id: Uuid,
    /// Name.
    name: String,
    /// The filter as in the address of the list, such as `status=failed&from=24h`.
    query: String,
    /// Everybody sees it.
    is_shared: bool,
    /// It is the caller's.
    is_mine: bool,
    /// Who made it.
    created_by: String,
}

impl From<ViewRow> for SavedView {
    fn from(row: ViewRow) -> Self {
        Self {
            view_id: row.view_id,
            name: row.name,
            query: row.query,
            is_shared: row.is_shared,
            is_mine: row.is_mine,
            created_by: row.created_by,
        }
    }
}

/// Lists the caller's views and those that are shared.
#[utoipa::path(get, path = "/api/views", tag = "runs",
    responses((status = 200, description = "Views; the caller's first.", body = Page<SavedView>)))]
pub async fn handler(State(services): State<Services>, Caller(claims): Caller) -> ApiResult<Json<Page<SavedView>>> {
    let mut tx = services.begin(&claims).await?;
    Ok(Json(Page::whole(views::list(&mut tx).await?)))
}
