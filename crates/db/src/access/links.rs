//! One-time login links.

use super::UserRow;
use crate::{PgConnection, Result, statements::statements};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// A link to be issued.
#[derive(Clone, Copy)]
pub struct NewLoginLink<'a> {
    /// SHA-256 of the token in the link.
    pub token_hash: &'a [u8],
    /// Whom it lets in.
    pub user_id: Uuid,
    /// Issued.
    pub now: DateTime<Utc>,
    /// Of no use after.
    pub expires_at: DateTime<Utc>,
}

/// Issues a link.
pub async fn create_login_link(conn: &mut PgConnection, link: &NewLoginLink<'_>) -> Result<()> {
    sqlx::query(CREATE)
        .bind(link.token_hash)
        .bind(link.user_id)
        .bind(link.now)
        .bind(link.expires_at)
        .execute(conn)
        .await?;
    Ok(())
}

/// Uses a link up; `None` when it is unknown, used, too old, or its user is shut out.
pub async fn redeem_login_link(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    token_hash: &[u8],
) -> Result<Option<UserRow>> {
    Ok(sqlx::query_as(REDEEM)
        .bind(token_hash)
        .bind(now)
        .fetch_optional(conn)
        .await?)
}

statements! {
    CREATE = "
        insert into public.login_links (token_hash, user_id, created_at, expires_at)
        values ($1, $2, $3, $4)";
    /// Of two browsers with one link the row lock lets one through.
    REDEEM = "
        update public.login_links as l
        set used_at = $2
        from public.users as u
        where l.token_hash = $1
          and l.used_at is null
          and l.expires_at > $2
          and u.user_id = l.user_id
          and u.disabled_at is null
        returning u.user_id, u.email, u.display_name, u.role, u.disabled_at, u.created_at, u.last_login_at";
}
