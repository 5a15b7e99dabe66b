//! What callers are told about stored artifacts and links to them.

use super::{ApiError, sentence};
use crate::actions::artifacts::receive::SecretInside;
use http::StatusCode;
use runs::artifacts::{LinkError, StoreError};

impl From<LinkError> for ApiError {
    fn from(error: LinkError) -> Self {
        // No credential would help, so it is neither 401 nor 403.
        let (status, code) = match error {
            LinkError::Forged => (StatusCode::NOT_FOUND, "invalid_link"),
            LinkError::Expired => (StatusCode::GONE, "link_expired"),
        };
        Self::new(status, code, sentence(&error.to_string())).hint("Ask for a new link.")
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        let detail = sentence(&error.to_string());
        let refused = |code, hint: &str| Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail.clone()).hint(hint);
        match error {
            StoreError::TooLarge { .. } => {
                refused("artifact_too_large", "Leave less behind, or ask the operator for more.")
            }
            StoreError::NotAsAnnounced { .. } => refused(
                "not_as_announced",
                "Send the bytes whose checksum and size were announced.",
            ),
            StoreError::Source(source) if source.is::<SecretInside>() => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "secret_in_artifact",
                sentence(&source.to_string()),
            )
            .hint("Hide it before the checksum is made."),
            StoreError::Source(_) => Self::new(
                StatusCode::BAD_REQUEST,
                "unreadable_body",
                "The body could not be read to its end.",
            ),
            StoreError::Missing(_) => Self::new(
                StatusCode::NOT_FOUND,
                "content_missing",
                "The object store does not have the content of this artifact.",
            )
            .hint("Ask the operator whether RUNBOARD_ARTIFACTS names the same place for server and workers."),
            StoreError::Refused(_) | StoreError::Unreachable(_) => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "artifact_store_unavailable",
                "The object store does not answer as it should right now.",
            )
            .hint("Try again in a few seconds; if it stays, give the trace_id to the operator.")
            .retry_after(5)
            .caused_by(error),
            StoreError::Corrupt { .. } => Self::internal(error),
            StoreError::Db(error) => error.into(),
        }
    }
}
