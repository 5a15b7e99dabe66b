//! Reading what a caller sends: bodies, queries and path parts, refused with the field at fault.

use crate::error::ApiError;
use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Request, rejection::BytesRejection},
    response::{IntoResponse, Response},
};
use domain::{DEEPEST_JSON, JsonMeasure};
use http::{HeaderMap, StatusCode, header, request::Parts};
use serde::{Serialize, de::DeserializeOwned};

/// A JSON body, read or written.
#[derive(Debug, Clone, Copy)]
pub struct Json<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        if !is_json(request.headers()) {
            return Err(ApiError::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported_media_type",
                "The body must be JSON and say so.",
            )
            .hint("Send `Content-Type: application/json`."));
        }
        let bytes = read(request, state).await?;
        parse(&bytes).map(Self)
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

/// The bytes of a body, within the limit.
pub async fn read<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, ApiError> {
    Bytes::from_request(request, state)
        .await
        .map_err(|rejection| match rejection {
            BytesRejection::FailedToBufferBody(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                ApiError::new(
                    StatusCode::PAYLOAD_TOO_LARGE,
                    "too_large",
                    "The body is larger than this address takes.",
                )
            }
            _ => ApiError::new(
                StatusCode::BAD_REQUEST,
                "unreadable_body",
                "The body could not be read to its end.",
            ),
        })
}

fn is_json(headers: &HeaderMap) -> bool {
    let Some(kind) = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()) else {
        return false;
    };
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    // What is stored is wrapped again and again on its way; readers stop at 128 levels.
    if JsonMeasure::of_text(bytes).is_too_deep() {
        let detail = format!("The body is nested deeper than {DEEPEST_JSON} levels.");
        let refusal = ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "too_deep", detail);
        return Err(refusal.hint("Send a plainer value, or the whole as a text."));
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        refused(&path, error.inner())
    })?;
    reader.end().map_err(|error| refused(".", &error))?;
    Ok(value)
}

fn refused(path: &str, error: &serde_json::Error) -> ApiError {
    if !error.is_data() {
        let detail = format!("The body is not JSON: {error}.");
        return ApiError::new(StatusCode::BAD_REQUEST, "malformed_json", detail);
    }
    // serde_json adds the place in the text, which the path says better.
    let text = error.to_string();
    let reason = text.split(" at line ").next().unwrap_or(&text);
    let code = if reason.starts_with("unknown field") {
        "unknown_field"
    } else {
        "invalid_body"
    };
    let refusal = ApiError::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        code,
        format!("The body does not fit: {reason}."),
    );
    match field_of(path, reason) {
        Some(field) => refusal.field(field),
        None => refusal,
    }
}

/// The path, with the name of a missing or unknown field at its end.
fn field_of(path: &str, reason: &str) -> Option<String> {
    let path = if path == "." { "" } else { path };
    let named = ["unknown field `", "missing field `"]
        .iter()
        .find_map(|beginning| reason.strip_prefix(beginning))
        .and_then(|rest| rest.split('`').next());
    match named {
        Some(name) if path.is_empty() => Some(name.to_owned()),
        Some(name) if path == name || path.ends_with(&format!(".{name}")) => Some(path.to_owned()),
        Some(name) => Some(format!("{path}.{name}")),
        None if path.is_empty() => None,
        None => Some(path.to_owned()),
    }
}

/// The query of an address.
#[derive(Debug, Clone, Copy)]
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let _ = state;
        axum::extract::Query::try_from_uri(&parts.uri)
            .map(|query| Self(query.0))
            .map_err(|rejection| {
                let text = rejection.body_text();
                let reason = text.rsplit(": ").next().unwrap_or(&text).to_owned();
                let refusal = ApiError::new(
                    StatusCode::UNPROCESSABLE_ENTITY,
                    "invalid_query",
                    format!("The query does not fit: {reason}."),
                );
                match field_of("", &reason) {
                    Some(field) => refusal.field(field),
                    None => refusal,
                }
            })
    }
}

/// The variable parts of an address.
#[derive(Debug, Clone, Copy)]
pub struct Path<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        // An id that cannot be one names nothing.
        let path = axum::extract::Path::from_request_parts(parts, state).await;
        path.map(|path| Self(path.0))
            .map_err(|_| ApiError::not_found("such thing"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read")]
    struct Outer {
        name: String,
        inner: Option<Inner>,
    }
    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read")]
    struct Inner {
        count: i32,
    }

    fn field(text: &str) -> Option<String> {
        let error = parse::<Outer>(text.as_bytes()).unwrap_err();
        let response = error.into_response();
        let body = futures::executor::block_on(axum::body::to_bytes(response.into_body(), 10_000)).unwrap();
        let problem: serde_json::Value = serde_json::from_slice(&body).unwrap();
        problem["field"].as_str().map(str::to_owned)
    }

    #[test]
    fn a_body_that_does_not_fit_names_its_field() {
        assert_eq!(field(r#"{"name": 3}"#).as_deref(), Some("name"));
        assert_eq!(field(r#"{"name": "x", "nmae": 3}"#).as_deref(), Some("nmae"));
        assert_eq!(
            field(r#"{"name": "x", "inner": {"count": "y"}}"#).as_deref(),
            Some("inner.count")
        );
        assert_eq!(
            field(r#"{"name": "x", "inner": {"count": 1, "cuont": 2}}"#).as_deref(),
            Some("inner.cuont")
        );
        assert_eq!(field(r#"{"name": "x", "inner": {}}"#).as_deref(), Some("inner.count"));
        assert_eq!(field("{}").as_deref(), Some("name"));
        assert_eq!(field("{").as_deref(), None);
    }

    #[test]
    fn a_body_that_is_nested_too_deep_is_refused() {
        let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(parse::<serde_json::Value>(nested(DEEPEST_JSON).as_bytes()).is_ok());
        let error = parse::<serde_json::Value>(nested(127).as_bytes()).unwrap_err();
        assert_eq!(error.into_response().status(), StatusCode::UNPROCESSABLE_ENTITY);
    }
}
