//! What workers that speak HTTP are told.

use super::{ApiError, sentence};
use http::StatusCode;
use runs::{remote::RemoteError, secrets::SecretError};

impl From<RemoteError> for ApiError {
    fn from(error: RemoteError) -> Self {
        let detail = sentence(&error.to_string());
        match error {
            RemoteError::Lost => {
                Self::new(StatusCode::CONFLICT, "lease_lost", detail).hint("Stop working on this run and discard it.")
            }
            RemoteError::Secret(error) => error.into(),
            RemoteError::Db(error) => error.into(),
        }
    }
}

impl From<SecretError> for ApiError {
    fn from(error: SecretError) -> Self {
        let detail = sentence(&error.to_string());
        match error {
            SecretError::Forbidden { needed } => Self::forbidden(needed),
            SecretError::NotAName { .. } => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", detail).field("name")
            }
            SecretError::TooShort | SecretError::TooLong => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", detail).field("value")
            }
            SecretError::Missing { .. } => Self::new(StatusCode::UNPROCESSABLE_ENTITY, "missing_secret", detail)
                .hint("An admin stores it with `runboard secret set NAME`."),
            SecretError::OtherKey { .. } => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "sealed_with_another_key", detail)
                    .hint("Store the secret again, or give the server the key it was sealed with.")
            }
            SecretError::Db(error) => error.into(),
        }
    }
}
