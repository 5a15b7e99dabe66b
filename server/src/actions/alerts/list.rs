//! `GET /api/alerts`: what is wrong, and what was.

use crate::{
    actions::Page,
    caller::Caller,
    error::{ApiError, ApiResult, Problem},
    http::body::{Json, Query},
};
use ::runs::{
    Services,
    alerts::{self, AlertRow},
};
use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

/// Which alerts.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AlertQuery {
    /// open, resolved or all; open when left out.
    state: Option<String>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Alerts per page, 50 when left out, 200 at most.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
}

/// Something that is or was wrong.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AlertView {
    /// Grows.
    alert_id: i64,
    /// The rule that opened it.
    kind: String,
    /// What it is about: a run, a lane, a template or action, or `all`.
    key: String,
    /// info, warning or critical.
    severity: String,
    /// In words.
    message: String,
    /// What to do.
    hint: Option<String>,
    /// Its numbers.
    #[schema(value_type = Object)]
    data: Value,
    /// The lane it is about.
    lane: Option<String>,
    /// The run it is about.
    run_id: Option<String>,
    /// Since when.
    opened_at: DateTime<Utc>,
    /// Last seen to be so.
    last_seen_at: DateTime<Utc>,
    /// Over since.
    resolved_at: Option<DateTime<Utc>>,
}

impl From<AlertRow> for AlertView {
    fn from(row: AlertRow) -> Self {
        Self {
            alert_id: row.alert_id,
            kind: row.kind,
            key: row.key,
            severity: row.severity,
            message: row.message,
            hint: row.hint,
            data: row.data,
            lane: row.lane,
            run_id: row.run_id,
            opened_at: row.opened_at,
            last_seen_at: row.last_seen_at,
            resolved_at: row.resolved_at,
        }
    }
}

/// Lists alerts.
#[utoipa::path(get, path = "/api/alerts", tag = "alerts", params(AlertQuery),
    responses((status = 200, description = "Alerts, newest first.", body = Page<AlertView>),
        (status = 422, description = "The query does not fit.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Query(query): Query<AlertQuery>,
) -> ApiResult<Json<Page<AlertView>>> {
    let is_open = match query.state.as_deref() {
        None | Some("open") => Some(true),
        Some("resolved") => Some(false),
        Some("all") => None,
        Some(_) => return Err(ApiError::invalid("state", "Alerts are open, resolved or all.")),
    };
    let (before, limit) = Page::<()>::span(query.cursor.as_deref(), query.limit)?;
    let mut tx = services.begin(&claims).await?;
    let rows = alerts::list(&mut tx, is_open, before, limit + 1).await?;
    Ok(Json(Page::cut(rows, limit, |row| row.alert_id)))
}
