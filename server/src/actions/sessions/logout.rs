//! `POST /logout`: ends a session.

use super::cookie;
use crate::{caller::SESSION_COOKIE, error::ApiResult, state::AppState};
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::CookieJar;
use runs::access;

/// Ends the session of this browser, in the database and in the browser.
pub async fn handler(State(state): State<AppState>, jar: CookieJar) -> ApiResult<Response> {
    if let Some(session) = jar.get(SESSION_COOKIE) {
        let mut conn = state.services.pool().acquire().await.map_err(db::DbError::from)?;
        access::logout(&mut conn, state.services.now(), session.value()).await?;
    }
    Ok((cookie::end(&state), Redirect::to("/login")).into_response())
}
