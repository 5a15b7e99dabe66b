//! The clockwork of the control plane: leases, heartbeats, sweeps, backoff.

use crate::{PgConnection, Result, statements::statements};
use sqlx::{FromRow, types::Json};
use std::collections::BTreeMap;

/// One number of the clockwork.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Setting {
    /// Name, such as `lease`.
    pub key: String,
    /// The number, in `unit`.
    pub value: i32,
    /// ms, s or count.
    pub unit: String,
    /// What it does.
    pub meaning: String,
    /// Lowest value an edit may give.
    pub lowest: i32,
    /// Highest value an edit may give.
    pub highest: i32,
}

/// Every setting, by name.
pub async fn list(conn: &mut PgConnection) -> Result<Vec<Setting>> {
    Ok(sqlx::query_as(LIST).fetch_all(conn).await?)
}

/// One number; `None` when there is no such setting.
pub async fn value(conn: &mut PgConnection, key: &str) -> Result<Option<i32>> {
    Ok(sqlx::query_scalar(VALUE).bind(key).fetch_optional(conn).await?)
}

/// Changes numbers: all of them or none, inside their bounds.
pub async fn save(conn: &mut PgConnection, changes: &BTreeMap<String, i32>) -> Result<()> {
    sqlx::query(SAVE).bind(Json(changes)).execute(conn).await?;
    Ok(())
}

/// Changes a number; false when there is no such setting.
pub async fn set(conn: &mut PgConnection, key: &str, value: i32) -> Result<bool> {
    Ok(sqlx::query(SET)
        .bind(key)
        .bind(value)
        .execute(conn)
        .await?
        .rows_affected()
        == 1)
}

statements! {
    LIST = "select key, value, unit, meaning, lowest, highest from runboard_internal.settings order by key";
    VALUE = "select value from runboard_internal.settings where key = $1";
    SAVE = "select public.save_settings($1)";
    SET = "update runboard_internal.settings set value = $2 where key = $1";
}
