//! `GET /api/bulk/{bulk_id}/items`: what became of each run.

use crate::{
    actions::Page,
    caller::Caller,
    error::{ApiError, ApiResult, Problem},
    http::body::{Json, Path, Query},
};
use ::runs::{
    Services,
    bulk::{self, ItemRow},
};
use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Which items.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ItemQuery {
    /// Only these: pending, done, skipped or failed.
    outcome: Option<String>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Items per page, 50 when left out, 200 at most.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
}

/// What became of a run.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ItemView {
    /// Place in the list, from 1.
    place: i32,
    /// The run.
    run_id: String,
    /// done, skipped or failed; null: not yet.
    outcome: Option<String>,
    /// The run that was started again from it.
    new_run_id: Option<String>,
    /// Why it was skipped or failed.
    code: Option<String>,
    /// The same in words.
    message: Option<String>,
    /// When.
    done_at: Option<DateTime<Utc>>,
}

impl From<ItemRow> for ItemView {
    fn from(row: ItemRow) -> Self {
        Self {
            place: row.place,
            run_id: row.run_id,
            outcome: row.outcome,
            new_run_id: row.new_run_id,
            code: row.code,
            message: row.message,
            done_at: row.done_at,
        }
    }
}

/// Lists the items of an operation.
#[utoipa::path(get, path = "/api/bulk/{bulk_id}/items", tag = "bulk", params(("bulk_id" = Uuid, Path), ItemQuery),
    responses((status = 200, description = "Items by their place.", body = Page<ItemView>),
        (status = 422, description = "The query does not fit.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Path(bulk_id): Path<Uuid>,
    Query(query): Query<ItemQuery>,
) -> ApiResult<Json<Page<ItemView>>> {
    let outcome = query.outcome.as_deref();
    if outcome.is_some_and(|word| !["pending", "done", "skipped", "failed"].contains(&word)) {
        return Err(ApiError::invalid(
            "outcome",
            "An outcome is pending, done, skipped or failed.",
        ));
    }
    let (after, limit) = Page::<()>::span(query.cursor.as_deref(), query.limit)?;
    let after = i32::try_from(after.unwrap_or(0)).unwrap_or(i32::MAX);
    let mut tx = services.begin(&claims).await?;
    let rows = bulk::items(&mut tx, bulk_id, outcome, after, limit + 1).await?;
    Ok(Json(Page::cut(rows, limit, |row| i64::from(row.place))))
}
