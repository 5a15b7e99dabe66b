//! `PUT /api/secrets/{name}`: stores a value.

use crate::{
    actions::commit,
    caller::Caller,
    error::{ApiResult, Problem},
    http::body::{Json, Path},
};
use ::runs::{Services, secrets};
use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use std::fmt;
use utoipa::ToSchema;

/// The value.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SecretBody {
    /// 4 characters to 16 KiB. What is shorter could not be hidden in logs.
    #[schema(min_length = 4, max_length = 16_384, write_only)]
    value: String,
}

impl fmt::Debug for SecretBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretBody(…)")
    }
}

/// Stores a secret, in place of what had its name.
#[utoipa::path(put, path = "/api/secrets/{name}", tag = "secrets", params(("name" = String, Path)), request_body = SecretBody,
    responses((status = 204, description = "It is stored."),
        (status = 422, description = "The name or the value does not fit.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Path(name): Path<String>,
    Json(body): Json<SecretBody>,
) -> ApiResult<StatusCode> {
    let sealed = services.key().seal(&name, &body.value)?;
    let mut tx = services.begin(&claims).await?;
    secrets::put(&mut tx, services.now(), &claims, &sealed).await?;
    commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}
