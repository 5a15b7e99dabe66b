//! `GET /api/artifacts/{artifact_id}/content`: the bytes of an artifact.

use super::send::{find, send};
use crate::{
    caller::Caller,
    error::{ApiResult, Problem},
    http::body::Path,
};
use ::runs::Services;
use axum::{extract::State, response::Response};
use http::HeaderMap;
use uuid::Uuid;

/// Downloads an artifact, or a part of it.
#[utoipa::path(get, path = "/api/artifacts/{artifact_id}/content", tag = "artifacts",
    params(("artifact_id" = Uuid, Path),
        ("Range" = Option<String>, Header, description = "One range, such as `bytes=0-1023`; several are answered with the whole."),
        ("If-None-Match" = Option<String>, Header, description = "The ETag, which is the checksum.")),
    responses((status = 200, description = "The bytes.", content_type = "application/octet-stream", body = Vec<u8>),
        (status = 206, description = "The part that was asked for.", content_type = "application/octet-stream", body = Vec<u8>),
        (status = 304, description = "The caller has these bytes."),
        (status = 404, description = "No such artifact.", body = Problem),
        (status = 416, description = "The range begins behind the end.")))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Path(artifact_id): Path<Uuid>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let mut tx = services.begin(&claims).await?;
    let found = find(&mut tx, artifact_id).await?;
    drop(tx);
    send(&services, found, &headers).await
}
