//! `POST /api/alert-channels/{channel_id}/test`: sends a message now and shows what came back.

use crate::{
    caller::Caller,
    error::{ApiError, ApiResult, Problem},
    http::body::{Json, Path},
    state::AppState,
    upkeep::deliver::{self, Letter},
};
use ::runs::alerts::channels;
use axum::extract::State;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

/// What came back.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TestView {
    /// Whether the webhook accepted it.
    accepted: bool,
    /// Status of its answer.
    status: Option<i32>,
    /// Beginning of its answer.
    answer: Option<String>,
    /// Why there was no answer.
    error: Option<String>,
}

/// Tries a channel, whether it is enabled or not.
#[utoipa::path(post, path = "/api/alert-channels/{channel_id}/test", tag = "alerts", params(("channel_id" = Uuid, Path)),
    responses((status = 200, description = "What came back.", body = TestView), (status = 404, description = "No such channel.", body = Problem)))]
pub async fn handler(
    State(state): State<AppState>,
    Caller(claims): Caller,
    Path(channel_id): Path<Uuid>,
) -> ApiResult<Json<TestView>> {
    let services = &state.services;
    let mut tx = services.begin(&claims).await?;
    let target = channels::target(&mut tx, channel_id)
        .await?
        .ok_or_else(|| ApiError::not_found("channel"))?;
    // No transaction stays open while somebody else's server thinks.
    drop(tx);
    let secret = channels::secret(services.key(), &target).map_err(ApiError::internal)?;
    let text = format!("A test of Runboard by {}: this channel works.", claims.actor);
    let letter = Letter {
        url: &target.url,
        secret: &secret,
        event: "test",
        delivery: "test",
        body: &json!({"event": "test", "text": text, "alert": null}),
        at: services.now(),
    };
    let answer = deliver::send(&state.config.network, letter).await;
    Ok(Json(TestView {
        accepted: answer.is_accepted(),
        status: answer.status,
        answer: answer.excerpt,
        error: answer.error,
    }))
}
