//! `GET /live`: one stream of changes per tab.

use crate::{
    caller::Caller,
    error::{ApiError, ApiResult, Problem},
    http::body::Query,
    live::{Hub, topics},
};
use ::runs::Services;
use axum::{
    body::Body,
    extract::State,
    response::{IntoResponse, Response},
};
use futures::stream;
use http::{HeaderMap, HeaderName, HeaderValue, header};
use serde::Deserialize;
use std::convert::Infallible;
use utoipa::IntoParams;

/// What to listen to.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LiveQuery {
    /// board, run:ID and log:ID, comma-separated.
    topics: String,
    /// Id of the last event that was heard; the header Last-Event-ID says the same and wins.
    since: Option<String>,
}

/// Listens. Events: hello, run, lane, strip, minutes, worker, log, detail, gap, bye, degraded.
#[utoipa::path(get, path = "/live", tag = "live", params(LiveQuery),
    responses((status = 200, description = "Server-Sent Events.", content_type = "text/event-stream", body = String),
        (status = 422, description = "No such topic.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    State(hub): State<Hub>,
    _caller: Caller,
    headers: HeaderMap,
    Query(query): Query<LiveQuery>,
) -> ApiResult<Response> {
    let topics = topics(&query.topics).map_err(|detail| ApiError::invalid("topics", detail))?;
    let last_heard = headers
        .get("last-event-id")
        .and_then(|id| id.to_str().ok())
        .map(str::to_owned);
    let since = last_heard.or(query.since).filter(|since| !since.is_empty());
    let subscription = hub.subscribe(topics, since.as_deref(), services.now().timestamp_millis());
    let frames = stream::unfold(subscription, |mut subscription| async move {
        let frame = subscription.next().await?;
        Some((Ok::<_, Infallible>(frame), subscription))
    });
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        // Proxies hold back what they think is a page.
        (
            HeaderName::from_static("x-accel-buffering"),
            HeaderValue::from_static("no"),
        ),
    ];
    Ok((headers, Body::from_stream(frames)).into_response())
}
