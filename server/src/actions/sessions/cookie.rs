//! The session cookie.

use crate::{caller::SESSION_COOKIE, state::AppState};
use http::{HeaderMap, HeaderValue, header};
use runs::access::Session;

/// The header that gives a browser its session. No script reads it, no other site sends it along with a
/// form, and where the server is reached by https, nothing else carries it.
pub fn begin(state: &AppState, session: &Session) -> HeaderMap {
    let lifetime = session.expires_at - state.services.now();
    header(state, &session.token, lifetime.num_seconds())
}

/// The header that takes it away.
pub fn end(state: &AppState) -> HeaderMap {
    header(state, "", 0)
}

fn header(state: &AppState, token: &str, max_age_seconds: i64) -> HeaderMap {
    let secure = if state.is_https() { "; Secure" } else { "" };
    let text = format!("{SESSION_COOKIE}={token}; Path=/; Max-Age={max_age_seconds}; HttpOnly; SameSite=Lax{secure}");
    let value = HeaderValue::try_from(text).expect("tokens are plain characters");
    HeaderMap::from_iter([(header::SET_COOKIE, value)])
}
