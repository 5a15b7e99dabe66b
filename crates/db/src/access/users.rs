//! People who log in with a browser.

use crate::{PgConnection, Result, statements::statements};
use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

/// A person.
#[derive(Clone, PartialEq, Eq, FromRow)]
pub struct UserRow {
    /// Id, stable.
    pub user_id: Uuid,
    /// Address, lower case.
    pub email: String,
    /// What pages call the person.
    pub display_name: String,
    /// A word of `domain::Role`, never `worker`.
    pub role: String,
    /// Shut out since.
    pub disabled_at: Option<DateTime<Utc>>,
    /// Made.
    pub created_at: DateTime<Utc>,
    /// Last came in.
    pub last_login_at: Option<DateTime<Utc>>,
}

impl std::fmt::Debug for UserRow {
    // An address does not belong in a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UserRow")
            .field("user_id", &self.user_id)
            .field("role", &self.role)
            .finish_non_exhaustive()
    }
}

/// A person to be made.
#[derive(Clone, Copy)]
pub struct NewUser<'a> {
    /// Address; upper case is folded.
    pub email: &'a str,
    /// What pages call the person.
    pub display_name: &'a str,
    /// A word of `domain::Role`, never `worker`.
    pub role: &'a str,
    /// Hash of the password, if one is set.
    pub password_hash: Option<&'a str>,
}

/// Makes a user; `None` when the address is taken.
pub async fn create_user(conn: &mut PgConnection, user: &NewUser<'_>) -> Result<Option<Uuid>> {
    let user_id = sqlx::query_scalar(CREATE)
        .bind(user.email)
        .bind(user.display_name)
        .bind(user.role)
        .bind(user.password_hash)
        .fetch_optional(conn)
        .await?;
    Ok(user_id)
}

/// One user.
pub async fn user(conn: &mut PgConnection, user_id: Uuid) -> Result<Option<UserRow>> {
    Ok(sqlx::query_as(BY_ID).bind(user_id).fetch_optional(conn).await?)
}

/// The user of an address, in any letter case.
pub async fn user_by_email(conn: &mut PgConnection, email: &str) -> Result<Option<UserRow>> {
    Ok(sqlx::query_as(BY_EMAIL).bind(email).fetch_optional(conn).await?)
}

/// Every user, by address.
pub async fn list_users(conn: &mut PgConnection) -> Result<Vec<UserRow>> {
    Ok(sqlx::query_as(LIST).fetch_all(conn).await?)
}

/// The hash of a user's password, if one was set.
pub async fn password_hash(conn: &mut PgConnection, user_id: Uuid) -> Result<Option<String>> {
    let hash: Option<Option<String>> = sqlx::query_scalar(PASSWORD_HASH)
        .bind(user_id)
        .fetch_optional(conn)
        .await?;
    Ok(hash.flatten())
}

/// Sets the password; false when there is no such user.
pub async fn set_password_hash(conn: &mut PgConnection, user_id: Uuid, password_hash: &str) -> Result<bool> {
    let done = sqlx::query(SET_PASSWORD_HASH)
        .bind(user_id)
        .bind(password_hash)
        .execute(conn)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// How many others could still administer without this user. Locks them, so that two admins cannot shut
/// each other out at one time.
pub async fn admins_left(conn: &mut PgConnection, without: Uuid) -> Result<usize> {
    let others: Vec<Uuid> = sqlx::query_scalar(OTHER_ADMINS).fetch_all(conn).await?;
    Ok(others.into_iter().filter(|admin| *admin != without).count())
}

/// Grants another role; false when there is no such user.
pub async fn set_role(conn: &mut PgConnection, user_id: Uuid, role: &str) -> Result<bool> {
    let done = sqlx::query(SET_ROLE).bind(user_id).bind(role).execute(conn).await?;
    Ok(done.rows_affected() == 1)
}

/// Shuts a user out; sessions end with it. False when there is no such user or it is shut out already.
pub async fn disable_user(conn: &mut PgConnection, now: DateTime<Utc>, user_id: Uuid) -> Result<bool> {
    let done = sqlx::query(DISABLE).bind(user_id).bind(now).execute(conn).await?;
    Ok(done.rows_affected() == 1)
}

/// Lets a user in again; false when it was not shut out.
pub async fn enable_user(conn: &mut PgConnection, user_id: Uuid) -> Result<bool> {
    let done = sqlx::query(ENABLE).bind(user_id).execute(conn).await?;
    Ok(done.rows_affected() == 1)
}

/// Notes that the user came in.
pub async fn touch_login(conn: &mut PgConnection, now: DateTime<Utc>, user_id: Uuid) -> Result<()> {
    sqlx::query(TOUCH_LOGIN).bind(user_id).bind(now).execute(conn).await?;
    Ok(())
}

statements! {
    CREATE = "
        insert into public.users (email, display_name, role, password_hash)
        values (lower($1), $2, $3, $4)
        on conflict (email) do nothing
        returning user_id";
    BY_ID = "
        select user_id, email, display_name, role, disabled_at, created_at, last_login_at
        from public.users
        where user_id = $1";
    BY_EMAIL = "
        select user_id, email, display_name, role, disabled_at, created_at, last_login_at
        from public.users
        where email = lower($1)";
    LIST = "
        select user_id, email, display_name, role, disabled_at, created_at, last_login_at
        from public.users
        order by email
        limit 5000";
    PASSWORD_HASH = "select password_hash from public.users where user_id = $1";
    SET_PASSWORD_HASH = "update public.users set password_hash = $2 where user_id = $1";
    OTHER_ADMINS = "
        select user_id
        from public.users
        where role = 'admin' and disabled_at is null
        order by user_id
        for update";
    SET_ROLE = "update public.users set role = $2 where user_id = $1";
    DISABLE = "update public.users set disabled_at = $2 where user_id = $1 and disabled_at is null";
    ENABLE = "update public.users set disabled_at = null where user_id = $1 and disabled_at is not null";
    TOUCH_LOGIN = "update public.users set last_login_at = $2 where user_id = $1";
}
