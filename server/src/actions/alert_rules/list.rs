//! `GET /api/alert-rules`: what opens an alert.

use crate::{actions::Page, caller::Caller, error::ApiResult, http::body::Json};
use ::runs::{
    Services,
    alerts::{self, RuleRow},
};
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

/// What opens an alert.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RuleView {
    /// Name, such as `queue_age`.
    kind: String,
    /// What people call it.
    title: String,
    /// info, warning or critical.
    severity: String,
    /// Whether it opens anything.
    enabled: bool,
    /// From which number on, in `unit`.
    threshold: i32,
    /// s, count or percent.
    unit: String,
    /// Over which time it looks.
    window_seconds: i32,
    /// What the number means.
    meaning: String,
}

impl From<RuleRow> for RuleView {
    fn from(row: RuleRow) -> Self {
        Self {
            kind: row.kind,
            title: row.title,
            severity: row.severity,
            enabled: row.enabled,
            threshold: row.threshold,
            unit: row.unit,
            window_seconds: row.window_seconds,
            meaning: row.meaning,
        }
    }
}

/// Lists the rules.
#[utoipa::path(get, path = "/api/alert-rules", tag = "alerts",
    responses((status = 200, description = "Rules by name.", body = Page<RuleView>)))]
pub async fn handler(State(services): State<Services>, Caller(claims): Caller) -> ApiResult<Json<Page<RuleView>>> {
    let mut tx = services.begin(&claims).await?;
    Ok(Json(Page::whole(alerts::rules(&mut tx).await?)))
}
