//! Tokens of programs.

use crate::{PgConnection, Result, statements::statements};
use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

/// A token, without anything that would let its reader in.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct TokenRow {
    /// Id, stable.
    pub token_id: Uuid,
    /// What people call it.
    pub name: String,
    /// Its first characters, to recognize it by.
    pub prefix: String,
    /// A word of `domain::Role`.
    pub role: String,
    /// Actions it is limited to.
    pub actions: Option<Vec<String>>,
    /// Spreadsheets it is limited to.
    pub spreadsheets: Option<Vec<String>>,
    /// Who issued it.
    pub created_by: Option<String>,
    /// Issued.
    pub created_at: DateTime<Utc>,
    /// Of no use after.
    pub expires_at: Option<DateTime<Utc>>,
    /// Taken back.
    pub revoked_at: Option<DateTime<Utc>>,
    /// Last used, to the minute.
    pub last_used_at: Option<DateTime<Utc>>,
}

/// A token to be issued.
#[derive(Clone, Copy)]
pub struct NewToken<'a> {
    /// What people call it.
    pub name: &'a str,
    /// SHA-256 of the whole token.
    pub token_hash: &'a [u8],
    /// Its first characters.
    pub prefix: &'a str,
    /// A word of `domain::Role`.
    pub role: &'a str,
    /// Actions it is limited to.
    pub actions: Option<&'a [String]>,
    /// Spreadsheets it is limited to.
    pub spreadsheets: Option<&'a [String]>,
    /// Who issues it.
    pub created_by: Option<&'a str>,
    /// Issued.
    pub now: DateTime<Utc>,
    /// Of no use after.
    pub expires_at: Option<DateTime<Utc>>,
}

/// Issues a token.
pub async fn create_token(conn: &mut PgConnection, token: &NewToken<'_>) -> Result<Uuid> {
    let token_id = sqlx::query_scalar(CREATE)
        .bind(token.name)
        .bind(token.token_hash)
        .bind(token.prefix)
        .bind(token.role)
        .bind(token.actions)
        .bind(token.spreadsheets)
        .bind(token.created_by)
        .bind(token.now)
        .bind(token.expires_at)
        .fetch_one(conn)
        .await?;
    Ok(token_id)
}

/// The token of this SHA-256; `None` when it is unknown, too old or taken back.
pub async fn token_by_hash(conn: &mut PgConnection, now: DateTime<Utc>, token_hash: &[u8]) -> Result<Option<TokenRow>> {
    Ok(sqlx::query_as(BY_HASH)
        .bind(token_hash)
        .bind(now)
        .fetch_optional(conn)
        .await?)
}

/// Notes that a token was used, at most once a minute.
pub async fn touch_token(conn: &mut PgConnection, now: DateTime<Utc>, token_id: Uuid) -> Result<()> {
    sqlx::query(TOUCH).bind(token_id).bind(now).execute(conn).await?;
    Ok(())
}

/// Takes a token back; false when there is none or it was taken back before.
pub async fn revoke_token(conn: &mut PgConnection, now: DateTime<Utc>, token_id: Uuid) -> Result<bool> {
    let done = sqlx::query(REVOKE).bind(token_id).bind(now).execute(conn).await?;
    Ok(done.rows_affected() == 1)
}

/// One token that is good; the row is locked, so that of two rotations one finds it.
pub async fn token_to_rotate(conn: &mut PgConnection, now: DateTime<Utc>, token_id: Uuid) -> Result<Option<TokenRow>> {
    Ok(sqlx::query_as(TO_ROTATE)
        .bind(token_id)
        .bind(now)
        .fetch_optional(conn)
        .await?)
}

/// Lets a token end at `expires_at`, unless it ends before.
pub async fn expire_token(conn: &mut PgConnection, token_id: Uuid, expires_at: DateTime<Utc>) -> Result<()> {
    sqlx::query(EXPIRE)
        .bind(token_id)
        .bind(expires_at)
        .execute(conn)
        .await?;
    Ok(())
}

/// Every token, newest first.
pub async fn list_tokens(conn: &mut PgConnection) -> Result<Vec<TokenRow>> {
    Ok(sqlx::query_as(LIST).fetch_all(conn).await?)
}

statements! {
    CREATE = "
        insert into public.api_tokens
          (name, token_hash, prefix, role, actions, spreadsheets, created_by, created_at, expires_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        returning token_id";
    BY_HASH = "
        select token_id, name, prefix, role, actions, spreadsheets, created_by, created_at, expires_at, revoked_at,
          last_used_at
        from public.api_tokens
        where token_hash = $1
          and revoked_at is null
          and (expires_at is null or expires_at > $2)";
    TOUCH = "
        update public.api_tokens
        set last_used_at = $2
        where token_id = $1
          and (last_used_at is null or last_used_at < $2::timestamptz - interval '1 minute')";
    TO_ROTATE = "
        select token_id, name, prefix, role, actions, spreadsheets, created_by, created_at, expires_at, revoked_at,
          last_used_at
        from public.api_tokens
        where token_id = $1
          and revoked_at is null
          and (expires_at is null or expires_at > $2)
        for update";
    EXPIRE = "
        update public.api_tokens
        set expires_at = least(coalesce(expires_at, $2), $2)
        where token_id = $1";
    REVOKE = "update public.api_tokens set revoked_at = $2 where token_id = $1 and revoked_at is null";
    LIST = "
        select token_id, name, prefix, role, actions, spreadsheets, created_by, created_at, expires_at, revoked_at,
          last_used_at
        from public.api_tokens
        order by created_at desc
        limit 5000";
}
