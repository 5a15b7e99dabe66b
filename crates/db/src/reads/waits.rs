//! What a run waits for, and its relatives.

use crate::{PgConnection, Result, statements::statements};
use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::FromRow;

/// What a waiting run waits for.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct WaitRow {
    /// A word of `domain::WaitKind`.
    pub kind: String,
    /// Step that waits.
    pub step: String,
    /// Lowest role that may decide, of an approval.
    pub role: Option<String>,
    /// What is asked.
    pub message: Option<String>,
    /// Began.
    pub opened_at: DateTime<Utc>,
    /// Ends by itself.
    pub due_at: Option<DateTime<Utc>>,
    /// What the end of the time decides: approve, reject or fail.
    pub on_timeout: Option<String>,
    /// What the kind of wait knows, such as the run that is waited for.
    pub data: Option<Value>,
}

/// A parent or a child of a run.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct RelatedRow {
    /// Its id.
    pub run_id: String,
    /// What a person called it.
    pub title: String,
    /// A word of `domain::RunStatus`.
    pub status: String,
    /// Step of the parent that started it; `None` when a person or a schedule did.
    pub step: Option<String>,
    /// Made.
    pub created_at: DateTime<Utc>,
}

/// What a run was given, and the version of the template that says what fits.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct TemplateOf {
    /// Name of the template.
    pub slug: String,
    /// Number of its version.
    pub version: i32,
    /// Parameters of the run.
    pub params: Value,
}

/// The template of a run; `None` for an action without one.
pub async fn template_of(conn: &mut PgConnection, run_id: &str) -> Result<Option<TemplateOf>> {
    Ok(sqlx::query_as(TEMPLATE_OF).bind(run_id).fetch_optional(conn).await?)
}

/// What a run waits for; `None` when it does not wait.
pub async fn wait(conn: &mut PgConnection, run_id: &str) -> Result<Option<WaitRow>> {
    Ok(sqlx::query_as(WAIT).bind(run_id).fetch_optional(conn).await?)
}

/// The run that this one repeats or was started by.
pub async fn parent(conn: &mut PgConnection, run_id: &str) -> Result<Option<RelatedRow>> {
    Ok(sqlx::query_as(PARENT).bind(run_id).fetch_optional(conn).await?)
}

/// Runs that repeat this one or were started by it, oldest first.
pub async fn children(conn: &mut PgConnection, run_id: &str) -> Result<Vec<RelatedRow>> {
    Ok(sqlx::query_as(CHILDREN).bind(run_id).fetch_all(conn).await?)
}

statements! {
    WAIT = "
        select kind, step, role, message, opened_at, due_at, on_timeout, data
        from runboard_internal.run_waits
        where run_id = $1";
    TEMPLATE_OF = "
        select template_slug as slug, template_version as version, params
        from public.runs
        where run_id = $1 and template_slug is not null";
    PARENT = "
        select p.run_id, p.title, p.status, substring(c.idempotency_key from '^step (.+)$') as step, p.created_at
        from public.runs as c
        join public.runs as p on p.run_id = c.parent_run_id
        where c.run_id = $1";
    /// A bulk operation has thousands: the newest are not what a reader of one run looks for.
    CHILDREN = "
        select run_id, title, status, substring(idempotency_key from '^step (.+)$') as step, created_at
        from public.runs
        where parent_run_id = $1
        order by created_at, run_id
        limit 100";
}
