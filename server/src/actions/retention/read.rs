//! `GET /api/retention`: how long history is kept.

use crate::{actions::Page, caller::Caller, error::ApiResult, http::body::Json};
use ::runs::{
    Services,
    retention::{self, RetentionRow},
};
use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

/// How long one kind of history is kept.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RetentionView {
    /// logs, events, runs, bulk or alerts.
    kind: String,
    /// Days; null means for ever.
    days: Option<i32>,
    /// What it is.
    meaning: String,
    /// Last changed by.
    updated_by: Option<String>,
    /// Last changed.
    updated_at: Option<DateTime<Utc>>,
    /// Last applied.
    last_applied_at: Option<DateTime<Utc>>,
    /// Rows that went then.
    last_removed_count: Option<i64>,
}

impl From<RetentionRow> for RetentionView {
    fn from(row: RetentionRow) -> Self {
        Self {
            kind: row.kind,
            days: row.days,
            meaning: row.meaning,
            updated_by: row.updated_by,
            updated_at: row.updated_at,
            last_applied_at: row.last_applied_at,
            last_removed_count: row.last_removed_count,
        }
    }
}

/// Shows how long each kind of history is kept.
#[utoipa::path(get, path = "/api/retention", tag = "retention",
    responses((status = 200, description = "Kinds by name.", body = Page<RetentionView>)))]
pub async fn handler(State(services): State<Services>, Caller(claims): Caller) -> ApiResult<Json<Page<RetentionView>>> {
    let mut tx = services.begin(&claims).await?;
    Ok(Json(Page::whole(retention::list(&mut tx).await?)))
}
