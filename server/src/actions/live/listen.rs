//! `GET /live`: one stream of changes per tab.

use crate::{
    caller::Caller,
    error::{ApiError, ApiResult, Problem},
    http::body::Query,
    live::{Hub, Subscription, topics},
};
use ::runs::Services;
use axum::{
    body::Body,
    extract::State,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures::{Stream, StreamExt, stream};
use http::{HeaderMap, HeaderName, HeaderValue, header};
use serde::Deserialize;
use std::{convert::Infallible, time::Duration};
use tokio::time::{Instant, timeout_at};
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

/// A stream ends after this time, and whoever comes back is asked again who it is: a person who was shut
/// out, or a token that was revoked, hears nothing more.
const LIFE: Duration = Duration::from_mins(4);

/// What the connection hears until `life` is over, or until it falls too far behind.
fn frames(subscription: Subscription, life: Duration) -> impl Stream<Item = Bytes> {
    let end = Instant::now() + life;
    stream::unfold(Some(subscription), move |subscription| async move {
        let mut subscription = subscription?;
        // Asked first: a stream that always has something to say would never look at its time.
        let is_over = Instant::now() >= end;
        match timeout_at(end, subscription.next()).await {
            Ok(frame) if !is_over => Some((frame?, Some(subscription))),
            _ => Some((Hub::bye(), None)),
        }
    })
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
    // Streams that began together, after a restart, should not all come back together.
    let jitter = Duration::from_millis(services.now().timestamp_subsec_millis().into()) * 60;
    let frames = frames(subscription, LIFE + jitter).map(Ok::<_, Infallible>);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_stream_says_goodbye_when_its_time_is_over() {
        let hub = Hub::new();
        let subscription = hub.subscribe(topics("board").unwrap(), None, 0);
        let heard: Vec<Bytes> = frames(subscription, Duration::from_millis(50)).collect().await;
        assert_eq!(heard.last(), Some(&Hub::bye()));
        assert_eq!(hub.connection_count(), 0);
    }
}
