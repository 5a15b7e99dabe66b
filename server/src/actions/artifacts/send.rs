//! Sending the bytes of an artifact: whole, in part, or not at all when the caller has them.
//!
//! A step decides what is in them, so a browser must never take them for a page of ours: text is shown
//! as plain text, what begins as an image does as that image, everything else is a download, and nothing in it
//! may run or load.

use super::range::{Asked, asked};
use crate::error::{ApiError, ApiResult};
use ::runs::{
    Services,
    artifacts::{
        self, Opened, Store,
        sniff::{self, Image},
    },
    read,
};
use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use db::{PgConnection, reads::ArtifactRow};
use futures::{StreamExt, TryStreamExt};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use uuid::Uuid;

/// The object store of this server.
pub(super) fn store(services: &Services) -> ApiResult<&Store> {
    services
        .store()
        .ok_or_else(|| ApiError::internal("a server without an object store"))
}

/// Finds an artifact and where its bytes are.
pub(super) async fn find(conn: &mut PgConnection, artifact_id: Uuid) -> ApiResult<(ArtifactRow, Opened)> {
    let gone = || ApiError::not_found("artifact");
    let row = read::artifact(conn, artifact_id).await?.ok_or_else(gone)?;
    let opened = artifacts::open(conn, &row).await?.ok_or_else(gone)?;
    Ok((row, opened))
}

/// Answers a request with the artifact. The caller has given its connection back: the store may take its time.
pub(super) async fn send(
    services: &Services,
    (row, opened): (ArtifactRow, Opened),
    headers: &HeaderMap,
) -> ApiResult<Response> {
    let size_bytes = opened.size_bytes();
    let tag = format!("\"{}\"", row.sha256);
    let mut image = None;
    let (status, range) = match asked(headers, &tag, size_bytes) {
        Asked::Nothing => (StatusCode::NOT_MODIFIED, None),
        Asked::Whole => (StatusCode::OK, None),
        Asked::Part(range) => (StatusCode::PARTIAL_CONTENT, Some(range)),
        Asked::Beyond => (StatusCode::RANGE_NOT_SATISFIABLE, None),
    };
    let mut response = match status {
        StatusCode::NOT_MODIFIED | StatusCode::RANGE_NOT_SATISFIABLE => status.into_response(),
        _ => {
            let length = range.as_ref().map_or(size_bytes, |range| range.end - range.start);
            let bytes = opened.stream(store(services)?, range.clone()).await?;
            let mut bytes = Box::pin(bytes.peekable());
            // The label says nothing about an image: its first bytes do.
            if range.as_ref().is_none_or(|range| range.start == 0)
                && let Some(Ok(first)) = bytes.as_mut().peek().await
            {
                image = sniff::image(first);
            }
            let bytes = bytes.inspect_err(|error| {
                tracing::error!(
                    error = error as &dyn std::error::Error,
                    "The bytes of an artifact broke off."
                );
            });
            let mut response = (status, Body::from_stream(bytes)).into_response();
            response.headers_mut().insert(header::CONTENT_LENGTH, length.into());
            response
        }
    };
    let answer = response.headers_mut();
    match (status, range) {
        (_, Some(range)) => {
            let place = format!("bytes {}-{}/{size_bytes}", range.start, range.end - 1);
            insert(answer, header::CONTENT_RANGE, &place);
        }
        (StatusCode::RANGE_NOT_SATISFIABLE, None) => {
            insert(answer, header::CONTENT_RANGE, &format!("bytes */{size_bytes}"));
        }
        _ => {}
    }
    let (content_type, disposition) = safe(&row.content_type, image);
    answer.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    answer.insert(header::CONTENT_DISPOSITION, file_name(disposition, &row.name));
    answer.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    answer.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; sandbox"),
    );
    answer.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    // Whether a caller may still see it is asked each time.
    answer.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    insert(answer, header::ETAG, &tag);
    Ok(response)
}

fn insert(headers: &mut HeaderMap, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::try_from(value) {
        headers.insert(name, value);
    }
}

/// The media type that is sent, and whether it is shown.
fn safe(content_type: &str, image: Option<Image>) -> (&'static str, &'static str) {
    if let Some(image) = image {
        return (image.media_type(), "inline");
    }
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
            "image/png",
            "",
            "TEXT/HTML; charset=x",
        ] {
            assert_eq!(safe(kind, None), ("application/octet-stream", "attachment"), "{kind}");
        }
        assert_eq!(safe("application/json", None), ("text/plain; charset=utf-8", "inline"));
        assert_eq!(safe("text/html", Some(Image::Png)), ("image/png", "inline"));
    }

    #[test]
    fn a_name_cannot_leave_its_header() {
        let header = file_name("attachment", "../../a \"b\"\r\nX: y.txt");
        assert_eq!(header, "attachment; filename*=UTF-8''a%20%22b%22%0D%0AX%3A%20y.txt");
    }
}
