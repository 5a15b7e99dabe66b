//! `GET /api/alert-channels/{channel_id}/deliveries`: what became of its messages.

use crate::{
    actions::Page,
    caller::Caller,
    error::{ApiResult, Problem},
    http::body::{Json, Path, Query},
};
use ::runs::{
    Services,
    alerts::{self, DeliveryRow},
};
use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Which page.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DeliveryQuery {
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Messages per page, 50 when left out, 200 at most.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
}

/// What became of a message.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DeliveryView {
    /// Sent along as `X-Runboard-Delivery`, the same at every try.
    delivery_id: i64,
    /// The alert it tells of.
    alert_id: Option<i64>,
    /// opened or resolved.
    event: String,
    /// Made.
    created_at: DateTime<Utc>,
    /// Tries so far.
    try_count: i32,
    /// When it is tried again.
    next_try_at: Option<DateTime<Utc>>,
    /// Accepted.
    delivered_at: Option<DateTime<Utc>>,
    /// Given up.
    gave_up_at: Option<DateTime<Utc>>,
    /// Status of the last answer.
    last_status: Option<i32>,
    /// Why there was no answer.
    last_error: Option<String>,
    /// Beginning of the last answer.
    last_answer: Option<String>,
}

impl From<DeliveryRow> for DeliveryView {
    fn from(row: DeliveryRow) -> Self {
        Self {
            delivery_id: row.delivery_id,
            alert_id: row.alert_id,
            event: row.event,
            created_at: row.created_at,
            try_count: row.try_count,
            next_try_at: row.next_try_at,
            delivered_at: row.delivered_at,
            gave_up_at: row.gave_up_at,
            last_status: row.last_status,
            last_error: row.last_error,
            last_answer: row.last_answer,
        }
    }
}

/// Lists the messages of a channel.
#[utoipa::path(get, path = "/api/alert-channels/{channel_id}/deliveries", tag = "alerts", params(("channel_id" = Uuid, Path), DeliveryQuery),
    responses((status = 200, description = "Messages, newest first.", body = Page<DeliveryView>),
        (status = 422, description = "The query does not fit.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Path(channel_id): Path<Uuid>,
    Query(query): Query<DeliveryQuery>,
) -> ApiResult<Json<Page<DeliveryView>>> {
    let (before, limit) = Page::<()>::span(query.cursor.as_deref(), query.limit)?;
    let mut tx = services.begin(&claims).await?;
    let rows = alerts::deliveries(&mut tx, channel_id, before, limit + 1).await?;
    Ok(Json(Page::cut(rows, limit, |row| row.delivery_id)))
}
