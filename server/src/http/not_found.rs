//! Answers of addresses that are not there.

use super::{pages, permissions::is_for_programs};
use crate::{error::ApiError, state::AppState};
use axum::{
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use http::StatusCode;

/// A problem for programs; for people a page, there or not.
pub(super) async fn no_such_address(State(state): State<AppState>, request: Request) -> Response {
    if is_for_programs(request.uri().path()) {
        return ApiError::new(
            StatusCode::NOT_FOUND,
            "no_such_address",
            "There is nothing at this address.",
        )
        .hint("GET /openapi.json lists what there is.")
        .into_response();
    }
    pages::served(State(state), request).await
}

/// The address is there, but not for this method.
pub(super) async fn wrong_method() -> ApiError {
    ApiError::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method_not_allowed",
        "This address does not take this method.",
    )
    .hint("GET /openapi.json lists what it takes.")
}
