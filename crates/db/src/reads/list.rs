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
    /// Environment.
    pub env: Option<String>,
    /// Who asked: actor or user id, whole.
    pub user: Option<String>,
    /// Why it ended so.
    pub reason: Option<Vec<String>>,
    /// Failed for good, and nobody has started it again.
    pub dead: bool,
    /// The run it was started from.
    pub parent: Option<String>,
    /// Conversation.
    pub session: Option<String>,
}

/// The last run of a page; the next page begins after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// When that run was made.
    pub created_at: DateTime<Utc>,
    /// Its id.
    pub run_id: String,
}

/// Asks with the parameters of `list_where.sql`; planned anew each time, so that absent filters cost nothing.
macro_rules! bound {
    ($query:expr, $filter:ident, $cursor:ident, $limit:ident, $conn:ident) => {
        Ok($query
            .persistent(false)
            .bind($filter.status.as_deref())
            .bind($filter.lane.as_deref())
            .bind($filter.template.as_deref())
            .bind($filter.action.as_deref())
            .bind($filter.text.as_deref())
            .bind($filter.from)
            .bind($filter.to)
            .bind($cursor.map(|cursor| cursor.created_at))
            .bind($cursor.map(|cursor| cursor.run_id.as_str()))
            .bind($limit)
            .bind($filter.env.as_deref())
            .bind($filter.user.as_deref())
            .bind($filter.reason.as_deref())
            .bind($filter.dead)
            .bind($filter.parent.as_deref())
            .bind($filter.session.as_deref())
            .fetch_all($conn)
            .await?)
    };
}

/// One page of runs, newest first.
pub async fn list_runs(
    conn: &mut PgConnection,
    filter: &RunFilter,
    cursor: Option<&Cursor>,
    limit: i64,
) -> Result<Vec<RunRow>> {
    let only_open = filter
        .status
        .as_ref()
        .is_some_and(|status| status.iter().all(|word| word == "running" || word == "waiting"));
    bound!(
        sqlx::query_as(if only_open { LIST_HELD } else { LIST_LEDGER }),
        filter,
        cursor,
        limit,
        conn
    )
}

/// The ids of the runs that a filter names, newest first.
pub async fn matching_ids(conn: &mut PgConnection, filter: &RunFilter, limit: i64) -> Result<Vec<String>> {
    let cursor: Option<&Cursor> = None;
    bound!(sqlx::query_scalar(MATCHING), filter, cursor, limit, conn)
}

/// The runs of these ids that the caller may see, in the order of the ids.
pub async fn runs_by_id(conn: &mut PgConnection, run_ids: &[String]) -> Result<Vec<RunRow>> {
    Ok(sqlx::query_as(RUNS_BY_ID).bind(run_ids).fetch_all(conn).await?)
}

statements! {
    LIST_LEDGER = run_rows!("list_ledger.sql", "list_where.sql");
    MATCHING = concat!(
        include_str!("../../queries/reads/list_ledger.sql"),
        include_str!("../../queries/reads/list_where.sql"),
        "select run_id from chosen order by place"
    );
    LIST_HELD = run_rows!("list_held.sql", "list_where.sql");
    RUNS_BY_ID = run_rows!("runs_by_id.sql");
}
