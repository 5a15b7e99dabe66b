//! `POST /artifacts.upload`: where a worker may bring the bytes of a large artifact.

use super::send::store;
use crate::{
    caller::Caller,
    error::{ApiError, ApiResult, Problem},
    http::body::Json,
    state::AppState,
};
use ::runs::{
    artifacts::{LinkKey, Object, UploadTicket},
    remote,
};
use axum::extract::State;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How long an address takes bytes; the lease may end sooner.
const LASTS: TimeDelta = TimeDelta::minutes(15);

/// What will be brought.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UploadBody {
    /// The run.
    run_id: String,
    /// Lease it is held under.
    lease_seq: i64,
    /// SHA-256 of the bytes, 64 hexadecimal digits in lower case.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    sha256: String,
    /// How many bytes.
    #[schema(minimum = 0)]
    size_bytes: u64,
}

/// Where to bring it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UploadView {
    /// PUT the bytes here, without a credential. Then name `sha256` and `size_bytes` in `/artifacts.put`.
    upload_url: String,
    /// Until when.
    expires_at: DateTime<Utc>,
}

/// Asks for an address to bring the bytes of a large artifact to.
#[utoipa::path(post, path = "/artifacts.upload", tag = "worker", request_body = UploadBody,
    responses((status = 200, description = "Where to bring them.", body = UploadView),
        (status = 409, description = "The lease is not held by a worker of this token any more.", body = Problem),
        (status = 422, description = "A field does not fit, or it is too large.", body = Problem)))]
pub async fn handler(
    State(state): State<AppState>,
    Caller(claims): Caller,
    Json(body): Json<UploadBody>,
) -> ApiResult<Json<UploadView>> {
    let services = &state.services;
    if body.sha256.len() != 64
        || !body
            .sha256
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    {
        return Err(ApiError::invalid(
            "sha256",
            "A checksum is 64 hexadecimal digits in lower case.",
        ));
    }
    store(services)?.check_size(body.size_bytes)?;
    let mut tx = services.begin_for_worker(&claims).await?;
    remote::mask(&mut tx, services.key(), &body.run_id, body.lease_seq)
        .await?
        .ok_or(remote::RemoteError::Lost)?;
    let object = Object {
        sha256: body.sha256,
        size_bytes: body.size_bytes,
    };
    let expires_at = services.now() + LASTS;
    let ticket = UploadTicket::new((&body.run_id, body.lease_seq), object, expires_at);
    let word = LinkKey::of(services.key()).upload(&ticket);
    let upload_url = format!("{}/artifacts.upload/{word}", state.public_url);
    Ok(Json(UploadView { upload_url, expires_at }))
}
