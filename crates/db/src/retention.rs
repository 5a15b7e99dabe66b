//! Retention: how long history is kept, and forgetting it step by step.

use crate::{PgConnection, Result, statements::statements};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use serde_json::Value;
use sqlx::{FromRow, types::Json};

/// How long one kind of history is kept.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct RetentionRow {
    /// logs, events, runs, bulk or alerts.
    pub kind: String,
    /// Days; `None` means for ever.
    pub days: Option<i32>,
    /// What it is.
    pub meaning: String,
    /// Last changed by.
    pub updated_by: Option<String>,
    /// Last changed.
    pub updated_at: Option<DateTime<Utc>>,
    /// Last applied.
    pub last_applied_at: Option<DateTime<Utc>>,
    /// Rows that went then.
    pub last_removed_count: Option<i64>,
}

/// What the next application would forget.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct PreviewRow {
    /// logs, events, runs, bulk or alerts.
    pub kind: String,
    /// Days; `None` means for ever.
    pub days: Option<i32>,
    /// What is older goes.
    pub before: Option<DateTime<Utc>>,
    /// Rows that would go.
    pub count: i64,
    /// There are more than were counted.
    pub is_capped: bool,
}

/// One bounded step.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Removed {
    /// Rows that went.
    pub removed: i64,
    /// Whether there may be more.
    pub more: bool,
    /// The day that was dropped whole.
    pub day: Option<NaiveDate>,
    /// Somebody held the table; another time.
    #[serde(default)]
    pub busy: bool,
}

/// Every kind, by name.
pub async fn list(conn: &mut PgConnection) -> Result<Vec<RetentionRow>> {
    Ok(sqlx::query_as(LIST).fetch_all(conn).await?)
}

/// Says for how many days kinds are kept: `{kind: days | null}`.
pub async fn save(conn: &mut PgConnection, days: &Value) -> Result<()> {
    sqlx::query(SAVE).bind(Json(days)).execute(conn).await?;
    Ok(())
}

/// Forgets a bounded part of one kind.
pub async fn apply(conn: &mut PgConnection, kind: &str, most: i32) -> Result<Removed> {
    let Json(removed) = sqlx::query_scalar::<_, Json<Removed>>(APPLY)
        .bind(kind)
        .bind(most)
        .fetch_one(conn)
        .await?;
    Ok(removed)
}

/// What the next application would forget.
pub async fn preview(conn: &mut PgConnection) -> Result<Vec<PreviewRow>> {
    Ok(sqlx::query_as(PREVIEW).fetch_all(conn).await?)
}

statements! {
    LIST = "
        select kind, days, meaning, updated_by, updated_at, last_applied_at, last_removed_count
        from public.retention
        order by kind";
    SAVE = "select public.save_retention($1)";
    APPLY = "select public.apply_retention($1, $2)";
    PREVIEW = "select kind, days, before, count, is_capped from public.preview_retention()";
}
