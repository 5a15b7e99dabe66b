//! One span per request, and what remains of a panic.

use crate::error::ApiError;
use axum::{
    extract::{MatchedPath, Request},
    middleware::Next,
    response::{IntoResponse, Response},
};
use std::any::Any;
use tracing::Instrument;

/// Log lines of a request carry its method and route; addresses may hold secrets, such as login links.
pub(crate) async fn span(request: Request, next: Next) -> Response {
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("(none)", MatchedPath::as_str)
        .to_owned();
    let span = tracing::info_span!("request", http.method = %request.method(), http.route = %route);
    async move {
        let response = next.run(request).await;
        tracing::debug!(http.status = response.status().as_u16(), "answered");
        response
    }
    .instrument(span)
    .await
}

/// A panic is a failure like any other to the caller.
#[expect(clippy::needless_pass_by_value, reason = "the layer hands it over")]
pub(crate) fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    let message = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let message = message
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_default();
    ApiError::internal(std::io::Error::other(format!("a handler panicked: {message}"))).into_response()
}
