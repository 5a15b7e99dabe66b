//! `POST /api/artifacts/{artifact_id}/link`: an address that opens an artifact without a login.

use crate::{
    actions::commit,
    caller::Caller,
    error::{ApiError, ApiResult, Problem},
    http::body::{Json, Path},
    state::AppState,
};
use ::runs::{artifacts, read};
use axum::extract::State;
use chrono::{DateTime, TimeDelta, Utc};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// An hour.
const USUAL: i64 = 3600;
/// A week.
const LONGEST: i64 = 7 * 24 * 3600;

/// What the link should be like.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkBody {
    /// For how long it opens the artifact; an hour when left out.
    #[schema(minimum = 1, maximum = 604_800)]
    expires_seconds: Option<i64>,
}

/// A link.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LinkView {
    /// The address. Whoever has it can read the artifact.
    url: String,
    /// Until when.
    expires_at: DateTime<Utc>,
}

/// Makes a link to an artifact that works without a login.
#[utoipa::path(post, path = "/api/artifacts/{artifact_id}/link", tag = "artifacts", params(("artifact_id" = Uuid, Path)),
    request_body = LinkBody,
    responses((status = 201, description = "The link.", body = LinkView),
        (status = 404, description = "No such artifact.", body = Problem),
        (status = 422, description = "A field does not fit.", body = Problem)))]
pub async fn handler(
    State(state): State<AppState>,
    Caller(claims): Caller,
    Path(artifact_id): Path<Uuid>,
    Json(body): Json<LinkBody>,
) -> ApiResult<(StatusCode, Json<LinkView>)> {
    let seconds = body.expires_seconds.unwrap_or(USUAL);
    if !(1..=LONGEST).contains(&seconds) {
        let detail = format!("A link lasts 1 to {LONGEST} seconds.");
        return Err(ApiError::invalid("expires_seconds", detail));
    }
    let services = &state.services;
    let expires_at = services.now() + TimeDelta::seconds(seconds);
    let mut tx = services.begin(&claims).await?;
    read::artifact(&mut tx, artifact_id)
        .await?
        .ok_or_else(|| ApiError::not_found("artifact"))?;
    let shared = (artifact_id, expires_at);
    let word = artifacts::share(&mut tx, services.now(), &claims, services.key(), shared).await?;
    commit(tx).await?;
    let url = format!("{}/artifacts.download/{word}", state.public_url);
    Ok((StatusCode::CREATED, Json(LinkView { url, expires_at })))
}
