//! People: one-time links, passwords, browser sessions.

use super::{AccessError, opaque, password, users};
use chrono::{DateTime, TimeDelta, Utc};
use db::access::{self, NewLoginLink, NewSession, UserRow};
use db::audit::{self, Act};
use db::{PgConnection, Result};
use domain::{Claims, Role, Via};
use uuid::Uuid;

/// A link is of use for so long.
const LINK_LIFE: TimeDelta = TimeDelta::hours(1);
/// A session lasts so long.
const SESSION_LIFE: TimeDelta = TimeDelta::days(30);

/// A link that lets one browser in, once.
#[derive(Clone)]
pub struct LoginLink {
    /// The token in the link.
    pub token: String,
    /// Of no use after.
    pub expires_at: DateTime<Utc>,
}

/// A browser that was let in.
#[derive(Clone)]
pub struct Session {
    /// What the cookie holds.
    pub token: String,
    /// Ends by itself.
    pub expires_at: DateTime<Utc>,
    /// Who it is.
    pub claims: Claims,
}

/// Issues a link for `email`. On an installation without people, that person is made its first admin.
pub async fn issue_login_link(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    by: &Claims,
    email: &str,
) -> std::result::Result<LoginLink, AccessError> {
    let user_id = match access::user_by_email(conn, email).await? {
        Some(user) => user.user_id,
        None if access::list_users(conn).await?.is_empty() => {
            users::create_user(conn, now, by, email, "Admin", Role::Admin).await?
        }
        None => {
            return Err(AccessError::UnknownUser {
                email: email.to_owned(),
            });
        }
    };
    let link = LoginLink {
        token: opaque::fresh("link"),
        expires_at: now + LINK_LIFE,
    };
    let new = NewLoginLink {
        token_hash: &opaque::hash(&link.token),
        user_id,
        now,
        expires_at: link.expires_at,
    };
    access::create_login_link(conn, &new).await?;
    let act = Act {
        verb: "issue login link",
        object_kind: "user",
        object_id: &user_id.to_string(),
        detail: None,
    };
    audit::record(conn, now, by, &act).await?;
    Ok(link)
}

/// Uses a link up and begins a session; `None` when the link is unknown, used or too old.
pub async fn redeem_login_link(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    link: &str,
    user_agent: Option<&str>,
) -> Result<Option<Session>> {
    match access::redeem_login_link(conn, now, &opaque::hash(link)).await? {
        Some(user) => begin_session(conn, now, &user, "login by link", user_agent)
            .await
            .map(Some),
        None => Ok(None),
    }
}

/// What a password is compared with. Where there is no person or no password, none fits, and to find that
/// out takes as long.
#[derive(Clone)]
pub struct Credentials {
    user_id: Option<Uuid>,
    stored: Option<String>,
}

/// A person who knew the password.
#[derive(Clone)]
pub struct Proven {
    user_id: Uuid,
    stored: Option<String>,
}

impl Credentials {
    /// Compares. It takes a while and much memory on purpose: call it where neither a connection nor other
    /// tasks have to wait for it.
    pub fn fit(self, password: &str) -> Option<Proven> {
        let fits = password::verify(password, self.stored.as_deref());
        self.user_id.filter(|_| fits).map(|user_id| Proven {
            user_id,
            stored: self.stored,
        })
    }
}

/// What the password of this person is compared with.
pub async fn credentials(conn: &mut PgConnection, email: &str) -> Result<Credentials> {
    let user = access::user_by_email(conn, email)
        .await?
        .filter(|user| user.disabled_at.is_none());
    let stored = match &user {
        Some(user) => access::password_hash(conn, user.user_id).await?,
        None => None,
    };
    Ok(Credentials {
        user_id: user.map(|user| user.user_id),
        stored,
    })
}

/// Begins a session for a person who knew the password; `None` when it or the person has changed since.
pub async fn login(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    proven: &Proven,
    user_agent: Option<&str>,
) -> Result<Option<Session>> {
    let user = access::user(conn, proven.user_id)
        .await?
        .filter(|user| user.disabled_at.is_none());
    let Some(user) = user else { return Ok(None) };
    if access::password_hash(conn, user.user_id).await? != proven.stored {
        return Ok(None);
    }
    begin_session(conn, now, &user, "login by password", user_agent)
        .await
        .map(Some)
}

/// Who holds this session token; `None` when the session is unknown or over.
pub async fn session(conn: &mut PgConnection, now: DateTime<Utc>, session: &str) -> Result<Option<Claims>> {
    let user = access::session_user(conn, now, &opaque::hash(session)).await?;
    Ok(user.as_ref().and_then(claims_of))
}

/// Ends a session.
pub async fn logout(conn: &mut PgConnection, now: DateTime<Utc>, session: &str) -> Result<()> {
    access::end_session(conn, now, &opaque::hash(session)).await?;
    Ok(())
}

async fn begin_session(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    user: &UserRow,
    verb: &str,
    user_agent: Option<&str>,
) -> Result<Session> {
    let claims = claims_of(user).ok_or_else(|| db::error::DbError::Refused {
        status: 403,
        code: "forbidden".to_owned(),
        field: None,
        message: format!("the role {} is not known to this version", user.role),
        hint: Some("Upgrade the server, or give the person another role.".to_owned()),
    })?;
    let session = Session {
        token: opaque::fresh("session"),
        expires_at: now + SESSION_LIFE,
        claims,
    };
    let new = NewSession {
        token_hash: &opaque::hash(&session.token),
        user_id: user.user_id,
        now,
        expires_at: session.expires_at,
        user_agent,
    };
    access::create_session(conn, &new).await?;
    access::touch_login(conn, now, user.user_id).await?;
    let act = Act {
        verb,
        object_kind: "user",
        object_id: &user.user_id.to_string(),
        detail: None,
    };
    audit::record(conn, now, &session.claims, &act).await?;
    Ok(session)
}

fn claims_of(user: &UserRow) -> Option<Claims> {
    Some(Claims {
        subject: user.user_id.to_string(),
        actor: user.email.clone(),
        role: user.role.parse().ok()?,
        via: Via::Browser,
        actions: None,
        spreadsheets: None,
    })
}
