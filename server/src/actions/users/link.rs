//! `POST /api/users/{user_id}/login-link`: a link that lets one browser in, once.

use crate::{
    actions::commit,
    caller::Caller,
    error::{ApiError, ApiResult, Problem},
    http::body::{Json, Path},
    state::AppState,
};
use ::runs::access;
use axum::extract::State;
use chrono::{DateTime, Utc};
use http::StatusCode;
use serde::Serialize;
use std::fmt;
use utoipa::ToSchema;
use uuid::Uuid;

/// The link, seen this once.
#[derive(Clone, Serialize, ToSchema)]
pub struct LinkView {
    /// Opens a session in the browser that follows it first.
    url: String,
    /// Of no use after.
    expires_at: DateTime<Utc>,
}

impl fmt::Debug for LinkView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LinkView")
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// Issues a one-time login link for a person.
#[utoipa::path(post, path = "/api/users/{user_id}/login-link", tag = "access", params(("user_id" = Uuid, Path)),
    responses((status = 201, description = "The link; it is shown this once.", body = LinkView),
        (status = 404, description = "No such person who may come in.", body = Problem)))]
pub async fn handler(
    State(state): State<AppState>,
    Caller(claims): Caller,
    Path(user_id): Path<Uuid>,
) -> ApiResult<(StatusCode, Json<LinkView>)> {
    let services = &state.services;
    let mut tx = services.begin_as_server(&claims).await?;
    let user = access::user(&mut tx, user_id)
        .await?
        .filter(|user| user.disabled_at.is_none())
        .ok_or_else(|| ApiError::not_found("user who may come in"))?;
    let link = access::issue_login_link(&mut tx, services.now(), &claims, &user.email).await?;
    commit(tx).await?;
    let view = LinkView {
        url: format!("{}/login/{}", state.public_url, link.token),
        expires_at: link.expires_at,
    };
    Ok((StatusCode::CREATED, Json(view)))
}
