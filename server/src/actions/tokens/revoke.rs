//! `DELETE /api/tokens/{token_id}`: takes a token back at once.

use crate::{
    actions::commit,
    caller::Caller,
    error::{ApiError, ApiResult, Problem},
    http::body::Path,
};
use ::runs::{Services, access};
use axum::extract::State;
use http::StatusCode;
use uuid::Uuid;

/// Takes a token back.
#[utoipa::path(delete, path = "/api/tokens/{token_id}", tag = "access", params(("token_id" = Uuid, Path)),
    responses((status = 204, description = "It lets nobody in any more."),
        (status = 404, description = "No such token that is good.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Path(token_id): Path<Uuid>,
) -> ApiResult<StatusCode> {
    let mut tx = services.begin_as_server(&claims).await?;
    if !access::revoke_token(&mut tx, services.now(), &claims, token_id).await? {
        return Err(ApiError::not_found("token"));
    }
    commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}
