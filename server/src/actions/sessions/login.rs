//! `POST /login`: an e-mail address and a password.

use super::{cookie, target::target};
use crate::{
    actions::commit,
    error::{ApiError, ApiResult},
    http::peer::Peer,
    state::AppState,
};
use axum::{
    Form,
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use http::{HeaderMap, StatusCode, header};
use runs::access;
use serde::Deserialize;
use std::time::Instant;

/// What the form sends.
#[derive(Deserialize)]
pub struct LoginForm {
    email: String,
    password: String,
    next: Option<String>,
}

/// Begins a session, or goes back to the form with the reason.
pub async fn handler(
    State(state): State<AppState>,
    Peer(peer): Peer,
    headers: HeaderMap,
    Form(form): Form<LoginForm>,
) -> ApiResult<Response> {
    let email = form.email.trim().to_lowercase();
    let next = target(form.next.as_deref());
    for caller in [peer.to_string(), email.clone()] {
        if let Err(wait) = state.logins.take(&caller, Instant::now()) {
            let seconds = wait.as_secs().max(1);
            if wants_page(&headers) {
                return Ok(Redirect::to("/login?error=rate_limited").into_response());
            }
            return Err(ApiError::new(
                StatusCode::TOO_MANY_REQUESTS,
                "too_many_tries",
                "There were too many tries to log in.",
            )
            .hint(format!("Wait {seconds} seconds and try again."))
            .retry_after(seconds));
        }
    }
    let services = &state.services;
    let mut tx = services.pool().begin().await.map_err(db::DbError::from)?;
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
    let Some(session) = access::login(&mut tx, services.now(), &email, &form.password, agent).await? else {
        let next: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
        return Ok(Redirect::to(&format!("/login?error=password&next={next}")).into_response());
    };
    commit(tx).await?;
    state.logins.forget(&email);
    Ok((cookie::begin(&state, &session), Redirect::to(next)).into_response())
}

fn wants_page(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}
