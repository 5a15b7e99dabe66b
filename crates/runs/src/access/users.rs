//! The people of this installation.

use super::{AccessError, SHORTEST_PASSWORD, opaque, password};
use chrono::{DateTime, Utc};
use db::PgConnection;
use db::access::{self, NewUser};
use db::audit::{self, Act};
use domain::{Claims, Role};
use serde_json::json;
use uuid::Uuid;

pub use db::access::UserRow as User;

/// Makes a person known.
pub async fn create_user(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    by: &Claims,
    email: &str,
    display_name: &str,
    role: Role,
) -> Result<Uuid, AccessError> {
    if role == Role::Worker {
        return Err(AccessError::RoleForTokensOnly);
    }
    let looks_right = email
        .split_once('@')
        .is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !host.contains('@'));
    if !looks_right || email.contains(char::is_whitespace) {
        return Err(AccessError::NotAnAddress {
            email: email.to_owned(),
        });
    }
    let new = NewUser {
        email,
        display_name,
        role: role.as_str(),
        password_hash: None,
    };
    let Some(user_id) = access::create_user(conn, &new).await? else {
        return Err(AccessError::UserExists {
            email: email.to_owned(),
        });
    };
    let detail = json!({"role": role});
    let act = Act {
        verb: "create user",
        object_kind: "user",
        object_id: &user_id.to_string(),
        detail: Some(&detail),
    };
    audit::record(conn, now, by, &act).await?;
    Ok(user_id)
}

/// Who is to be let in.
#[derive(Clone, Copy)]
pub struct Invitation<'a> {
    /// E-mail address, in any case.
    pub email: &'a str,
    /// Name that people see; the part of the address before @ when absent.
    pub display_name: Option<&'a str>,
    /// What they may do.
    pub role: Role,
}

/// Makes a person known as they were written down.
pub async fn invite(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    by: &Claims,
    invitation: Invitation<'_>,
) -> Result<User, AccessError> {
    let email = invitation.email.trim().to_lowercase();
    let before_at = email.split('@').next().unwrap_or_default();
    let name = invitation.display_name.unwrap_or(before_at);
    let user_id = create_user(conn, now, by, &email, name, invitation.role).await?;
    let user = access::user(conn, user_id).await?;
    user.ok_or_else(|| unknown(user_id))
}

/// Which session of a person outlives a new password.
#[derive(Debug, Clone, Copy)]
pub enum Keep<'a> {
    /// None: whoever knew the old password is out.
    Nothing,
    /// The one whose cookie holds this token, because its owner has just set the password.
    Own(&'a str),
}

/// A password to be set.
#[derive(Clone, Copy)]
pub struct NewPassword<'a> {
    /// The password.
    pub text: &'a str,
    /// Which session goes on.
    pub keep: Keep<'a>,
}

/// Gives a person a password and ends the sessions that the old one, or a link, began.
pub async fn set_password(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    by: &Claims,
    user_id: Uuid,
    new: NewPassword<'_>,
) -> Result<(), AccessError> {
    if new.text.chars().count() < SHORTEST_PASSWORD {
        return Err(AccessError::WeakPassword);
    }
    let hash = password::hash(new.text).ok_or(AccessError::Hash)?;
    if !access::set_password_hash(conn, user_id, &hash).await? {
        return Err(AccessError::UnknownUser {
            email: user_id.to_string(),
        });
    }
    let kept = match new.keep {
        Keep::Nothing => Vec::new(),
        Keep::Own(session) => opaque::hash(session),
    };
    access::end_other_sessions_of(conn, now, user_id, &kept).await?;
    let act = Act {
        verb: "set password",
        object_kind: "user",
        object_id: &user_id.to_string(),
        detail: None,
    };
    audit::record(conn, now, by, &act).await?;
    Ok(())
}

/// Everybody.
pub async fn users(conn: &mut PgConnection) -> Result<Vec<User>, AccessError> {
    Ok(access::list_users(conn).await?)
}

/// One person.
pub async fn user(conn: &mut PgConnection, user_id: Uuid) -> Result<Option<User>, AccessError> {
    Ok(access::user(conn, user_id).await?)
}

/// Gives a person another role.
pub async fn set_role(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    by: &Claims,
    user_id: Uuid,
    role: Role,
) -> Result<(), AccessError> {
    if role == Role::Worker {
        return Err(AccessError::RoleForTokensOnly);
    }
    if role != Role::Admin {
        leave_an_admin(conn, user_id).await?;
    }
    if !access::set_role(conn, user_id, role.as_str()).await? {
        return Err(unknown(user_id));
    }
    record(conn, now, by, user_id, "set role", json!({"role": role})).await
}

/// Shuts a person out and ends every session, or lets one in again. Nothing happens when it is so already.
pub async fn set_disabled(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    by: &Claims,
    user_id: Uuid,
    disabled: bool,
) -> Result<(), AccessError> {
    let changed = if disabled {
        leave_an_admin(conn, user_id).await?;
        access::end_sessions_of(conn, now, user_id).await?;
        access::disable_user(conn, now, user_id).await?
    } else {
        access::enable_user(conn, user_id).await?
    };
    if !changed {
        return Ok(());
    }
    let verb = if disabled { "disable user" } else { "enable user" };
    record(conn, now, by, user_id, verb, json!({})).await
}

async fn leave_an_admin(conn: &mut PgConnection, user_id: Uuid) -> Result<(), AccessError> {
    let user = access::user(conn, user_id).await?.ok_or_else(|| unknown(user_id))?;
    let counts = user.role == Role::Admin.as_str() && user.disabled_at.is_none();
    if counts && access::admins_left(conn, user_id).await? == 0 {
        return Err(AccessError::LastAdmin);
    }
    Ok(())
}

fn unknown(user_id: Uuid) -> AccessError {
    AccessError::UnknownUser {
        email: user_id.to_string(),
    }
}

async fn record(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    by: &Claims,
    user_id: Uuid,
    verb: &str,
    detail: serde_json::Value,
) -> Result<(), AccessError> {
    let act = Act {
        verb,
        object_kind: "user",
        object_id: &user_id.to_string(),
        detail: Some(&detail),
    };
    Ok(audit::record(conn, now, by, &act).await?)
}
