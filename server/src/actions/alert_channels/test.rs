//! `POST /api/alert-channels/{channel_id}/test`: sends a message now and shows what came back.

use crate::{
    caller::Caller,
    error::{ApiError, ApiResult, Problem},
    http::body::{Json, Path},
};
use ::runs::{Services, alerts::channels};
use axum::extract::State;
use serde::Serialize;
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
    State(services): State<Services>,
    Caller(claims): Caller,
    Path(channel_id): Path<Uuid>,
) -> ApiResult<Json<TestView>> {
    let answer = channels::test(&services, &claims, channel_id)
        .await?
        .ok_or_else(|| ApiError::not_found("channel"))?;
    Ok(Json(TestView {
        accepted: answer.is_accepted(),
        status: answer.status,
        answer: answer.excerpt,
        error: answer.error,
    }))
}
