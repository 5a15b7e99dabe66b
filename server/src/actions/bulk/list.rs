//! `GET /api/bulk`: operations, newest first.

use super::view::BulkView;
use crate::{
    actions::Page,
    caller::Caller,
    error::{ApiError, ApiResult, Problem},
    http::body::{Json, Query},
};
use ::runs::{Services, bulk};
use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

/// Which page.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct BulkQuery {
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Operations per page, 50 when left out, 200 at most.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
}

/// Lists the operations.
#[utoipa::path(get, path = "/api/bulk", tag = "bulk", params(BulkQuery),
    responses((status = 200, description = "Operations, newest first.", body = Page<BulkView>),
        (status = 422, description = "The query does not fit.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Query(query): Query<BulkQuery>,
) -> ApiResult<Json<Page<BulkView>>> {
    let (_, limit) = Page::<()>::span(None, query.limit)?;
    let before = query.cursor.as_deref().map(read_cursor).transpose()?;
    let mut tx = services.begin(&claims).await?;
    let mut rows = bulk::list(&mut tx, before, limit + 1).await?;
    let is_last = rows.len() as i64 <= limit;
    rows.truncate(limit as usize);
    let next_cursor = rows
        .last()
        .filter(|_| !is_last)
        .map(|row| format!("{}.{}", row.created_at.timestamp_micros(), row.bulk_id));
    Ok(Json(Page {
        items: rows.into_iter().map(Into::into).collect(),
        next_cursor,
    }))
}

fn read_cursor(text: &str) -> ApiResult<(DateTime<Utc>, Uuid)> {
    text.split_once('.')
        .and_then(|(micros, id)| {
            let at = DateTime::from_timestamp_micros(micros.parse().ok()?)?;
            Some((at, id.parse().ok()?))
        })
        .ok_or_else(|| ApiError::invalid("cursor", "A cursor is the next_cursor of an earlier page."))
}
