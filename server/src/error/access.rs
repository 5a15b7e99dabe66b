//! What people who manage users and tokens are told.

use super::{ApiError, sentence};
use http::StatusCode;
use runs::access::AccessError;

impl From<AccessError> for ApiError {
    fn from(error: AccessError) -> Self {
        let detail = sentence(&error.to_string());
        match error {
            AccessError::UnknownUser { .. } => Self::not_found("user"),
            AccessError::UserExists { .. } => Self::new(StatusCode::CONFLICT, "user_exists", detail).field("email"),
            AccessError::NotAnAddress { .. } => Self::invalid("email", detail),
            AccessError::WeakPassword => Self::invalid("password", detail),
            AccessError::RoleForTokensOnly => Self::invalid("role", detail),
            AccessError::LastAdmin => {
                Self::new(StatusCode::CONFLICT, "last_admin", detail).hint("Make somebody else an admin first.")
            }
            AccessError::Hash => Self::internal(error),
            AccessError::Db(error) => error.into(),
        }
    }
}
