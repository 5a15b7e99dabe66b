//! Who may come in: users, one-time links, browser sessions, tokens of programs.
//!
//! Secrets arrive here as SHA-256 or as a password hash; nothing in these tables lets anybody in.
//! The server calls these in its own name: the caller is not known before they have answered.

pub(crate) mod links;
pub(crate) mod sessions;
pub(crate) mod tokens;
pub(crate) mod users;

pub use links::{NewLoginLink, create_login_link, redeem_login_link};
pub use sessions::{NewSession, create_session, end_other_sessions_of, end_session, end_sessions_of, session_user};
pub use tokens::{
    NewToken, TokenRow, create_token, expire_token, list_tokens, revoke_token, token_by_hash, token_to_rotate,
    touch_token,
};
pub use users::{
    NewUser, UserRow, admins_left, create_user, disable_user, enable_user, list_users, password_hash,
    set_password_hash, set_role, touch_login, user, user_by_email,
};

#[cfg(test)]
mod tests;
