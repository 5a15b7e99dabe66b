//! Browser sessions.

use super::UserRow;
use crate::{PgConnection, Result, statements::statements};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// A session to be begun.
#[derive(Clone, Copy)]
pub struct NewSession<'a> {
    /// SHA-256 of the token in the cookie.
    pub token_hash: &'a [u8],
    /// Whose it is.
    pub user_id: Uuid,
    /// Begins.
    pub now: DateTime<Utc>,
    /// Ends by itself.
    pub expires_at: DateTime<Utc>,
    /// What the browser calls itself.
    pub user_agent: Option<&'a str>,
}

/// Begins a session.
pub async fn create_session(conn: &mut PgConnection, session: &NewSession<'_>) -> Result<()> {
    sqlx::query(CREATE)
        .bind(session.token_hash)
        .bind(session.user_id)
        .bind(session.now)
        .bind(session.expires_at)
        .bind(session.user_agent)
        .execute(conn)
        .await?;
    Ok(())
}

/// Whose session this is; `None` when it is unknown, over, or its user is shut out.
pub async fn session_user(conn: &mut PgConnection, now: DateTime<Utc>, token_hash: &[u8]) -> Result<Option<UserRow>> {
    Ok(sqlx::query_as(USER)
        .bind(token_hash)
        .bind(now)
        .fetch_optional(conn)
        .await?)
}

/// Ends a session; false when it was over before.
pub async fn end_session(conn: &mut PgConnection, now: DateTime<Utc>, token_hash: &[u8]) -> Result<bool> {
    let done = sqlx::query(END).bind(token_hash).bind(now).execute(conn).await?;
    Ok(done.rows_affected() == 1)
}

/// Ends every session of a user and says how many there were.
pub async fn end_sessions_of(conn: &mut PgConnection, now: DateTime<Utc>, user_id: Uuid) -> Result<u64> {
    Ok(sqlx::query(END_OF_USER)
        .bind(user_id)
        .bind(now)
        .execute(conn)
        .await?
        .rows_affected())
}

/// Ends every session of a user but the one with this hash; answers how many.
pub async fn end_other_sessions_of(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    user_id: Uuid,
    kept_hash: &[u8],
) -> Result<u64> {
    Ok(sqlx::query(END_OTHERS_OF_USER)
        .bind(user_id)
        .bind(now)
        .bind(kept_hash)
        .execute(conn)
        .await?
        .rows_affected())
}

statements! {
    CREATE = "
        insert into public.login_sessions (token_hash, user_id, created_at, expires_at, user_agent)
        values ($1, $2, $3, $4, $5)";
    USER = "
        select u.user_id, u.email, u.display_name, u.role, u.disabled_at, u.created_at, u.last_login_at
        from public.login_sessions as s
        join public.users as u on u.user_id = s.user_id
        where s.token_hash = $1
          and s.revoked_at is null
          and s.expires_at > $2
          and u.disabled_at is null";
    END = "update public.login_sessions set revoked_at = $2 where token_hash = $1 and revoked_at is null";
    END_OTHERS_OF_USER = "
        update public.login_sessions
        set revoked_at = $2
        where user_id = $1 and revoked_at is null and expires_at > $2 and token_hash <> $3";
    END_OF_USER = "
        update public.login_sessions
        set revoked_at = $2
        where user_id = $1 and revoked_at is null and expires_at > $2";
}
