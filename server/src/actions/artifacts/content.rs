//! `GET /api/artifacts/{artifact_id}/content`: the bytes of an artifact.
//!
//! A step decides what is in them, so a browser must never take them for a page of ours: text is shown
//! as plain text, everything else is a download, and nothing in it may run or load.

use crate::{
    caller::Caller,
    error::{ApiError, ApiResult, Problem},
    http::body::Path,
};
use ::runs::{Services, read};
use axum::{
    body::Body,
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, header};
use uuid::Uuid;

/// Downloads an artifact.
#[utoipa::path(get, path = "/api/artifacts/{artifact_id}/content", tag = "artifacts", params(("artifact_id" = Uuid, Path)),
    responses((status = 200, description = "The bytes.", content_type = "application/octet-stream", body = Vec<u8>),
        (status = 404, description = "No such artifact.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Path(artifact_id): Path<Uuid>,
) -> ApiResult<Response> {
    let mut tx = services.begin(&claims).await?;
    let row = read::artifact(&mut tx, artifact_id)
        .await?
        .ok_or_else(|| ApiError::not_found("artifact"))?;
    let bytes = read::artifact_bytes(&mut tx, artifact_id)
        .await?
        .ok_or_else(|| ApiError::not_found("content of this artifact"))?;
    let (content_type, disposition) = safe(&row.content_type);
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(content_type)),
        (header::CONTENT_DISPOSITION, file_name(disposition, &row.name)),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("default-src 'none'; sandbox"),
        ),
    ];
    Ok((headers, Body::from(bytes)).into_response())
}

/// The media type that is sent, and whether it is shown.
fn safe(content_type: &str) -> (&'static str, &'static str) {
    match content_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
        .as_str()
    {
        "text/plain" | "text/markdown" | "text/csv" | "text/x-diff" | "text/x-patch" | "application/json" => {
            ("text/plain; charset=utf-8", "inline")
        }
        "image/png" => ("image/png", "inline"),
        "image/jpeg" => ("image/jpeg", "inline"),
        "image/gif" => ("image/gif", "inline"),
        "image/webp" => ("image/webp", "inline"),
        _ => ("application/octet-stream", "attachment"),
    }
}

/// The name for every browser in `filename*`, without what could end the header.
fn file_name(disposition: &str, name: &str) -> HeaderValue {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let encoded: String = name
        .bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-' | b'_' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect::<Vec<_>>()
        .concat();
    HeaderValue::try_from(format!("{disposition}; filename*=UTF-8''{encoded}"))
        .unwrap_or_else(|_| HeaderValue::from_static("attachment"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_made_by_a_step_is_never_shown_as_a_page() {
        for kind in [
            "text/html",
            "image/svg+xml",
            "application/xhtml+xml",
            "text/javascript",
            "",
            "TEXT/HTML; charset=x",
        ] {
            assert_eq!(safe(kind), ("application/octet-stream", "attachment"), "{kind}");
        }
        assert_eq!(safe("application/json"), ("text/plain; charset=utf-8", "inline"));
    }

    #[test]
    fn a_name_cannot_leave_its_header() {
        let header = file_name("attachment", "../../a \"b\"\r\nX: y.txt");
        assert_eq!(header, "attachment; filename*=UTF-8''a%20%22b%22%0D%0AX%3A%20y.txt");
    }
}
