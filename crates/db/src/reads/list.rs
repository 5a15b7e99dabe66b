//! Lists of runs: by id, and filtered page by page.

use super::{RunRow, run_rows};
use crate::{PgConnection, Result, statements::statements};
use chrono::{DateTime, Utc};

/// Which runs a list shows; what is `None` does not narrow it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunFilter {
    /// Words of `domain::RunStatus`.
    pub status: Option<Vec<String>>,
    /// Lane.
    pub lane: Option<String>,
    /// Template, by slug.
    pub template: Option<String>,
    /// Action.
    pub action: Option<String>,
    /// Part of the title, the id or who asked.
    pub text: Option<String>,
    /// Made at or after.
    pub from: Option<DateTime<Utc>>,
    /// Made before.
    pub to: Option<DateTime<Utc>>,
}

/// The last run of a page; the next page begins after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// When that run was made.
    pub created_at: DateTime<Utc>,
    /// Its id.
    pub run_id: String,
}

/// One page of runs, newest first.
pub async fn list_runs(
    conn: &mut PgConnection,
    filter: &RunFilter,
    cursor: Option<&Cursor>,
    limit: i64,
) -> Result<Vec<RunRow>> {
    let only_running = filter
        .status
        .as_ref()
        .is_some_and(|status| status.iter().all(|word| word == "running"));
    let page = sqlx::query_as(if only_running { LIST_HELD } else { LIST_LEDGER })
        .persistent(false)
        .bind(filter.status.as_deref())
        .bind(filter.lane.as_deref())
        .bind(filter.template.as_deref())
        .bind(filter.action.as_deref())
        .bind(filter.text.as_deref())
        .bind(filter.from)
        .bind(filter.to)
        .bind(cursor.map(|cursor| cursor.created_at))
        .bind(cursor.map(|cursor| cursor.run_id.as_str()))
        .bind(limit)
        .fetch_all(conn)
        .await?;
    Ok(page)
}

/// The runs of these ids that the caller may see, in the order of the ids.
pub async fn runs_by_id(conn: &mut PgConnection, run_ids: &[String]) -> Result<Vec<RunRow>> {
    Ok(sqlx::query_as(RUNS_BY_ID).bind(run_ids).fetch_all(conn).await?)
}

statements! {
    LIST_LEDGER = run_rows!("list_ledger.sql", "list_where.sql");
    LIST_HELD = run_rows!("list_held.sql", "list_where.sql");
    RUNS_BY_ID = run_rows!("runs_by_id.sql");
}
