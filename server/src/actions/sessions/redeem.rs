//! `/login/{token}`: a one-time link.
//!
//! Programs look at links before people do: previews in chats, scanners of mail. They send HEAD, or a
//! GET that says it is not a navigation. A link is used up only by a person who goes there; who only
//! looks gets a page with a button.

use super::cookie;
use crate::{actions::commit, error::ApiResult, http::body::Path, state::AppState};
use axum::{
    extract::State,
    response::{Html, IntoResponse, Redirect, Response},
};
use http::{HeaderMap, Method, header};
use runs::access;

/// Uses the link up when a person follows it.
pub async fn follow(
    State(state): State<AppState>,
    Path(token): Path<String>,
    method: Method,
    headers: HeaderMap,
) -> ApiResult<Response> {
    if is_person(&method, &headers) {
        redeem(&state, &token, &headers).await
    } else {
        Ok(Html(BUTTON).into_response())
    }
}

/// Uses the link up when a person presses the button.
pub async fn press(
    State(state): State<AppState>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    redeem(&state, &token, &headers).await
}

const BUTTON: &str = "<!doctype html><html lang=en><meta charset=utf-8><title>Log in · Runboard</title>\
    <meta name=robots content=noindex><main><h1>Runboard</h1><form method=post><button>Log in</button></form></main>";

pub(crate) fn is_person(method: &Method, headers: &HeaderMap) -> bool {
    let says = |name: &str, word: &str| {
        headers
            .get(name)
            .is_some_and(|value| value.as_bytes().starts_with(word.as_bytes()))
    };
    let is_ahead_of_time = says("sec-purpose", "prefetch") || says("purpose", "prefetch");
    let navigates = headers.get("sec-fetch-mode").is_none_or(|mode| mode == "navigate");
    method == Method::GET && navigates && !is_ahead_of_time
}

async fn redeem(state: &AppState, token: &str, headers: &HeaderMap) -> ApiResult<Response> {
    let services = &state.services;
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
    let mut tx = db::pool::begin(services.pool()).await?;
    let Some(session) = access::redeem_login_link(&mut tx, services.now(), token, agent).await? else {
        return Ok(Redirect::to("/login?error=link").into_response());
    };
    commit(tx).await?;
    Ok((cookie::begin(state, &session), Redirect::to("/")).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(method: &Method, headers: &[(&'static str, &'static str)]) -> bool {
        let headers = headers
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect();
        is_person(method, &headers)
    }

    #[test]
    fn who_only_looks_at_a_link_does_not_use_it_up() {
        assert!(person(&Method::GET, &[]));
        assert!(person(&Method::GET, &[("sec-fetch-mode", "navigate")]));
        assert!(!person(&Method::HEAD, &[]));
        assert!(!person(&Method::GET, &[("sec-fetch-mode", "no-cors")]));
        assert!(!person(
            &Method::GET,
            &[("sec-fetch-mode", "navigate"), ("sec-purpose", "prefetch;prerender")]
        ));
    }
}
