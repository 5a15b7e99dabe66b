//! Who may come in: people by link or password, programs by token, sheets by the shared secret.
//!
//! The server calls these in its own name, because the caller is not known before they answer.
//! Tokens leave this room once, at their making; the database keeps their SHA-256.

mod login;
mod opaque;
mod password;
mod tokens;
mod users;

pub use login::{
    Credentials, LoginLink, Proven, Session, credentials, issue_login_link, login, logout, redeem_login_link, session,
};
pub use password::SHORTEST as SHORTEST_PASSWORD;
pub use tokens::{
    IssuedToken, LONGEST_OVERLAP, TokenMisfit, TokenRow, TokenSpec, issue_token, revoke_token, rotate_token,
    shared_secret, token, tokens,
};
pub use users::{
    Invitation, Keep, NewPassword, User, create_user, invite, set_disabled, set_password, set_role, user, users,
};

use db::error::DbError;

/// Why nobody was let in or nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    /// No such person.
    #[error("there is no user {email}")]
    UnknownUser {
        /// The address that was given.
        email: String,
    },
    /// The address belongs to somebody.
    #[error("there is a user {email} already")]
    UserExists {
        /// The address that was given.
        email: String,
    },
    /// Not an address.
    #[error("{email:?} is not an e-mail address")]
    NotAnAddress {
        /// The text that was given.
        email: String,
    },
    /// The password is too easy to guess.
    #[error("a password needs at least {SHORTEST_PASSWORD} characters")]
    WeakPassword,
    /// The password could not be hashed.
    #[error("the password could not be hashed")]
    Hash,
    /// A role that people cannot have.
    #[error("the role worker is for tokens, not for people")]
    RoleForTokensOnly,
    /// Nobody would be left who can administer.
    #[error("this is the last admin who can come in")]
    LastAdmin,
    /// Postgres refused or failed.
    #[error("the change could not be written")]
    Db(#[source] DbError),
}

impl From<DbError> for AccessError {
    fn from(error: DbError) -> Self {
        Self::Db(error)
    }
}
