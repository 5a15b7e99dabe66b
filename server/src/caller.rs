//! Who calls: proven once per request, by a token, the shared secret or a browser session.

use crate::{error::ApiError, state::AppState};
use axum::extract::FromRequestParts;
use axum_extra::extract::CookieJar;
use domain::Claims;
use http::{HeaderMap, header, request::Parts};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// Name of the session cookie.
pub const SESSION_COOKIE: &str = "runboard_session";
const SECRET_HEADER: &str = "x-roadmap-ai-secret";

/// The caller of this request, as the gate has proven it.
#[derive(Debug, Clone)]
pub struct Caller(pub Claims);

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        parts
            .extensions
            .get::<Self>()
            .cloned()
            .ok_or_else(ApiError::unauthenticated)
    }
}

/// Proves who calls; `None` when the request says nothing about it. A token or secret that is wrong is
/// refused, a session that has ended is nobody.
pub async fn identify(state: &AppState, headers: &HeaderMap) -> Result<Option<Caller>, ApiError> {
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        let token = value
            .to_str()
            .ok()
            .and_then(bearer)
            .ok_or_else(|| ApiError::bad_credential("token"))?;
        let mut conn = acquire(state).await?;
        let claims = runs::access::token(&mut conn, state.services.now(), token).await?;
        return claims
            .map(|claims| Some(Caller(claims)))
            .ok_or_else(|| ApiError::bad_credential("token"));
    }
    if let Some(given) = headers.get(SECRET_HEADER) {
        return match &state.config.shared_secret {
            Some(secret) if is_same(given.as_bytes(), secret.as_bytes()) => {
                Ok(Some(Caller(runs::access::shared_secret())))
            }
            _ => Err(ApiError::bad_credential("shared secret")),
        };
    }
    let Some(session) = session_of(headers) else {
        return Ok(None);
    };
    let mut conn = acquire(state).await?;
    Ok(runs::access::session(&mut conn, state.services.now(), &session)
        .await?
        .map(Caller))
}

/// The token in the session cookie of a browser.
pub(crate) fn session_of(headers: &HeaderMap) -> Option<String> {
    CookieJar::from_headers(headers)
        .get(SESSION_COOKIE)
        .map(|cookie| cookie.value().to_owned())
}

async fn acquire(state: &AppState) -> Result<impl std::ops::DerefMut<Target = db::PgConnection>, ApiError> {
    Ok(state.services.pool().acquire().await.map_err(db::DbError::from)?)
}

fn bearer(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

/// Compares digests, so that neither content nor length shows in the time it takes.
pub(crate) fn is_same(given: &[u8], secret: &[u8]) -> bool {
    Sha256::digest(given)
        .as_slice()
        .ct_eq(Sha256::digest(secret).as_slice())
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_whole_secret_is_the_same() {
        assert!(is_same(b"0123456789abcdef", b"0123456789abcdef"));
        assert!(!is_same(b"0123456789abcde", b"0123456789abcdef"));
        assert!(!is_same(b"", b"0123456789abcdef"));
    }

    #[test]
    fn the_scheme_of_a_token_is_read_in_any_case() {
        assert_eq!(bearer("Bearer abc"), Some("abc"));
        assert_eq!(bearer("bearer abc"), Some("abc"));
        assert_eq!(bearer("Basic abc"), None);
    }
}
