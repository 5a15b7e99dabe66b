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
use runs::{
    Services,
    access::{self, Session},
};
use serde::Deserialize;
use std::time::Instant;
use tokio::sync::Semaphore;

/// Bytes of the longest address there can be (RFC 5321).
const LONGEST_EMAIL: usize = 254;

/// Passwords compared at once: each takes 19 MiB and a core.
static COMPARING: Semaphore = Semaphore::const_new(4);

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
    let next = target(form.next.as_deref());
    let peer = peer.to_string();
    // Nobody has such an address, and it must not be remembered.
    let email = Some(form.email.trim())
        .filter(|email| email.len() <= LONGEST_EMAIL)
        .map(str::to_lowercase);
    for caller in [Some(&peer), email.as_ref()].into_iter().flatten() {
        if let Err(wait) = state.logins.take(caller, Instant::now()) {
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
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
    let session = match &email {
        Some(email) => begin(&state.services, email, form.password, agent).await?,
        None => None,
    };
    let (Some(session), Some(email)) = (session, email) else {
        let next: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
        return Ok(Redirect::to(&format!("/login?error=password&next={next}")).into_response());
    };
    state.logins.forget(&email);
    state.logins.give_back(&peer);
    Ok((cookie::begin(&state, &session), Redirect::to(next)).into_response())
}

/// Begins a session for who knows the password. While it is compared no connection is held and no other
/// request waits.
async fn begin(services: &Services, email: &str, password: String, agent: Option<&str>) -> ApiResult<Option<Session>> {
    let mut conn = services.pool().acquire().await.map_err(db::DbError::from)?;
    let credentials = access::credentials(&mut conn, email).await?;
    drop(conn);
    let place = COMPARING.acquire().await.map_err(ApiError::internal)?;
    let compared = tokio::task::spawn_blocking(move || credentials.fit(&password)).await;
    drop(place);
    let Some(proven) = compared.map_err(ApiError::internal)? else {
        return Ok(None);
    };
    let mut tx = db::pool::begin(services.pool()).await?;
    let session = access::login(&mut tx, services.now(), &proven, agent).await?;
    commit(tx).await?;
    Ok(session)
}

fn wants_page(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}
