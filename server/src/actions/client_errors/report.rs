//! `POST /client-errors`: a page tells that it broke.

use crate::{
    caller::Caller,
    error::{ApiResult, Problem},
    http::body::Json,
    state::AppState,
};
use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use std::time::Instant;
use utoipa::ToSchema;

/// Letters of each field that are kept.
const LONGEST: usize = 1000;

/// What broke.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClientErrorBody {
    /// What the page said as it broke.
    message: String,
    /// Where: a path without its query.
    address: String,
    /// Which build of the page.
    #[serde(default)]
    build: String,
}

/// Takes the report of a page that broke. The same break is logged once an hour.
#[utoipa::path(post, path = "/client-errors", tag = "health", request_body = ClientErrorBody,
    responses((status = 204, description = "It was heard."), (status = 422, description = "A field does not fit.", body = Problem)))]
pub async fn handler(
    State(state): State<AppState>,
    Caller(claims): Caller,
    Json(body): Json<ClientErrorBody>,
) -> ApiResult<StatusCode> {
    let (message, address, build) = (line(&body.message), path(&body.address), line(&body.build));
    let what = format!("{build} {message}");
    if state.client_errors.is_news(&claims.subject, &what, Instant::now()) {
        // Anybody who is logged in can say so; nothing of the server broke.
        tracing::warn!(
            page.address = address,
            page.build = build,
            page.message = message,
            "A page broke in a browser."
        );
    }
    Ok(StatusCode::NO_CONTENT)
}

/// One line without what could end it or colour a terminal.
fn line(text: &str) -> String {
    let letters = text
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter });
    letters.take(LONGEST).collect()
}

/// Neither a query nor the word of a link.
fn path(address: &str) -> String {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    if path.starts_with("/login/") {
        return "/login/…".to_owned();
    }
    line(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_link_query_or_control_character_reaches_the_log() {
        assert_eq!(path("/runs/run_1?q=secret#x"), "/runs/run_1");
        assert_eq!(path("/login/abcdef"), "/login/…");
        assert_eq!(line("a\nb\u{1b}[31m"), "a b [31m");
    }
}
