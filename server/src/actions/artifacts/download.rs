//! `GET /artifacts.download/{word}`: what a link opens.

use super::send::{find, send};
use crate::{
    error::{ApiResult, Problem},
    http::body::Path,
};
use ::runs::{Services, artifacts::LinkKey};
use axum::{extract::State, response::Response};
use db::DbError;
use http::HeaderMap;

/// Downloads the artifact that a link was made for.
#[utoipa::path(get, path = "/artifacts.download/{word}", tag = "artifacts", security(()),
    params(("word" = String, Path, description = "From the address of the link.")),
    responses((status = 200, description = "The bytes.", content_type = "application/octet-stream", body = Vec<u8>),
        (status = 206, description = "The part that was asked for.", content_type = "application/octet-stream", body = Vec<u8>),
        (status = 304, description = "The caller has these bytes."),
        (status = 404, description = "The link was not made here, or the artifact is gone.", body = Problem),
        (status = 410, description = "The link has expired.", body = Problem),
        (status = 416, description = "The range begins behind the end.")))]
pub async fn handler(
    State(services): State<Services>,
    Path(word): Path<String>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let artifact_id = LinkKey::of(services.key()).open_download(&word, services.now())?;
    // The link is the permission; the server reads in its own name.
    let mut conn = services.pool().acquire().await.map_err(DbError::from)?;
    let found = find(&mut conn, artifact_id).await?;
    drop(conn);
    send(&services, found, &headers).await
}
