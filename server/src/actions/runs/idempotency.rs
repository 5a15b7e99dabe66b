//! The headers by which a caller says that two requests mean one.

use crate::error::ApiError;
use axum::extract::FromRequestParts;
use http::request::Parts;
use runs::enqueue::{Idempotency, IdempotencyMode};

const LONGEST_KEY: usize = 200;

/// `Idempotency-Key` and `Idempotency-Mode`, if they are there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyHeaders(pub Option<Idempotency>);

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyHeaders {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let text = |name: &str| parts.headers.get(name).map(|value| value.to_str().unwrap_or_default());
        let key = match text("idempotency-key") {
            Some(key) if key.is_empty() || key.len() > LONGEST_KEY => {
                let detail = format!("A key has 1 to {LONGEST_KEY} plain characters.");
                return Err(ApiError::invalid("Idempotency-Key", detail));
            }
            key => key.map(str::to_owned),
        };
        let mode = match text("idempotency-mode") {
            None => IdempotencyMode::default(),
            Some(word) => IdempotencyMode::from_word(word)
                .ok_or_else(|| ApiError::invalid("Idempotency-Mode", "The mode is return, reject or replace."))?,
        };
        Ok(Self(key.map(|key| Idempotency { key, mode })))
    }
}
