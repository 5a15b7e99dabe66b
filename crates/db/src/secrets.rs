//! Secrets at rest: sealed values by name. The key that opens them never comes here.

use crate::{PgConnection, Result, statements::statements};
use chrono::{DateTime, Utc};
use sqlx::FromRow;

/// A sealed value.
#[derive(Clone, PartialEq, Eq, FromRow)]
pub struct SealedSecret {
    /// Name by which steps ask for it.
    pub name: String,
    /// Number used once with the key.
    pub nonce: Vec<u8>,
    /// The sealed value.
    pub ciphertext: Vec<u8>,
}

/// A secret in a list, without its value.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct SecretRow {
    /// Name by which steps ask for it.
    pub name: String,
    /// Made.
    pub created_at: DateTime<Utc>,
    /// Last changed.
    pub updated_at: DateTime<Utc>,
    /// By whom.
    pub updated_by: Option<String>,
}

/// Keeps a sealed value under its name, in place of what was there.
pub async fn put(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    secret: &SealedSecret,
    updated_by: Option<&str>,
) -> Result<()> {
    sqlx::query(PUT)
        .bind(&secret.name)
        .bind(&secret.nonce)
        .bind(&secret.ciphertext)
        .bind(now)
        .bind(updated_by)
        .execute(conn)
        .await?;
    Ok(())
}

/// The sealed values of these names; a name without a value is not answered.
pub async fn get(conn: &mut PgConnection, names: &[String]) -> Result<Vec<SealedSecret>> {
    Ok(sqlx::query_as(GET).bind(names).fetch_all(conn).await?)
}

/// Every sealed value.
pub async fn all(conn: &mut PgConnection) -> Result<Vec<SealedSecret>> {
    Ok(sqlx::query_as(ALL).fetch_all(conn).await?)
}

/// Lets nobody else write secrets, those of alert channels included, until the transaction ends.
pub async fn lock(conn: &mut PgConnection) -> Result<()> {
    sqlx::query(LOCK).execute(conn).await?;
    Ok(())
}

/// The same value, sealed with another key.
pub async fn seal_again(conn: &mut PgConnection, secret: &SealedSecret) -> Result<()> {
    sqlx::query(SEAL_AGAIN)
        .bind(&secret.name)
        .bind(&secret.nonce)
        .bind(&secret.ciphertext)
        .execute(conn)
        .await?;
    Ok(())
}

/// Every secret, by name.
pub async fn list(conn: &mut PgConnection) -> Result<Vec<SecretRow>> {
    Ok(sqlx::query_as(LIST).fetch_all(conn).await?)
}

/// Forgets a secret; false when there was none.
pub async fn delete(conn: &mut PgConnection, name: &str) -> Result<bool> {
    Ok(sqlx::query(DELETE).bind(name).execute(conn).await?.rows_affected() == 1)
}

statements! {
    PUT = "
        insert into public.secrets (name, nonce, ciphertext, created_at, updated_at, updated_by)
        values ($1, $2, $3, $4, $4, $5)
        on conflict (name) do update
        set nonce = excluded.nonce, ciphertext = excluded.ciphertext, updated_at = excluded.updated_at,
          updated_by = excluded.updated_by";
    GET = "select name, nonce, ciphertext from public.secrets where name = any ($1)";
    ALL = "select name, nonce, ciphertext from public.secrets order by name";
    LOCK = "lock table public.secrets, public.alert_channels in share row exclusive mode";
    SEAL_AGAIN = "update public.secrets set nonce = $2, ciphertext = $3 where name = $1";
    LIST = "select name, created_at, updated_at, updated_by from public.secrets order by name limit 5000";
    DELETE = "delete from public.secrets where name = $1";
}
