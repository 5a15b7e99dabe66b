//! `POST /api/tokens/{token_id}/rotate`: a new token in place of an old one, both good for a while.

use super::create::IssuedView;
use crate::{
    actions::commit,
    caller::Caller,
    error::{ApiError, ApiResult, Problem},
    http::body::{Json, Path},
};
use ::runs::{Services, access};
use axum::extract::State;
use chrono::TimeDelta;
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

const USUAL_OVERLAP_SECONDS: u32 = 3600;

/// How long the old one stays good.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RotateBody {
    /// Seconds, 3600 when left out.
    #[schema(maximum = 604_800)]
    overlap_seconds: Option<u32>,
}

/// Issues a token that may do the same, and lets the old one end after the overlap. The workers of a token
/// belong to it: they register again with the new one.
#[utoipa::path(post, path = "/api/tokens/{token_id}/rotate", tag = "access", params(("token_id" = Uuid, Path)), request_body = RotateBody,
    responses((status = 201, description = "The new token; it is shown this once.", body = IssuedView),
        (status = 404, description = "No such token that is good.", body = Problem),
        (status = 422, description = "A field does not fit.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Path(token_id): Path<Uuid>,
    Json(body): Json<RotateBody>,
) -> ApiResult<(StatusCode, Json<IssuedView>)> {
    let seconds = body.overlap_seconds.unwrap_or(USUAL_OVERLAP_SECONDS);
    let overlap = TimeDelta::seconds(seconds.into());
    if overlap > access::LONGEST_OVERLAP {
        let detail = format!("It is at most {} seconds.", access::LONGEST_OVERLAP.num_seconds());
        return Err(ApiError::invalid("overlap_seconds", detail));
    }
    let mut tx = services.begin_as_server(&claims).await?;
    let issued = access::rotate_token(&mut tx, services.now(), &claims, token_id, overlap)
        .await?
        .ok_or_else(|| ApiError::not_found("token"))?;
    commit(tx).await?;
    Ok((StatusCode::CREATED, Json(issued.into())))
}
