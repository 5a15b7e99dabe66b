//! `DELETE /api/secrets/{name}`: forgets a value.

use crate::{
    actions::commit,
    caller::Caller,
    error::{ApiError, ApiResult, Problem},
    http::body::Path,
};
use ::runs::{Services, secrets};
use axum::extract::State;
use http::StatusCode;

/// Forgets a secret. Steps that name it fail from now on.
#[utoipa::path(delete, path = "/api/secrets/{name}", tag = "secrets", params(("name" = String, Path)),
    responses((status = 204, description = "It is forgotten."),
        (status = 404, description = "No such secret.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Path(name): Path<String>,
) -> ApiResult<StatusCode> {
    let mut tx = services.begin(&claims).await?;
    if !secrets::delete(&mut tx, services.now(), &claims, &name).await? {
        return Err(ApiError::not_found("secret"));
    }
    commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}
