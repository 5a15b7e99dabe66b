//! Lists of runs: by id, and filtered page by page.

pub(crate) mod source;

pub use self::source::count_open;

use self::source::Source;
use super::{RunRow, run_rows};
use crate::{PgConnection, Result, statements::statements};
use chrono::{DateTime, Utc};
use sqlx::{Postgres, postgres::PgArguments, query::QueryAs};

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
    /// Part of the title, the id or who asked; what begins as ids do, only the beginning of an id.
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

/// One page of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct RunPage {
    /// Newest first; fewer than asked for, or none, when those that fit are far apart.
    pub runs: Vec<RunRow>,
    /// Where the next page begins; `None` when there is nothing more to look at.
    pub next: Option<Cursor>,
}

/// Ids of one page, and where the next begins.
pub(crate) type Ids = (Vec<String>, Option<DateTime<Utc>>, Option<String>);

/// One page of at most `limit` runs, newest first.
pub async fn list_runs(
    conn: &mut PgConnection,
    filter: &RunFilter,
    cursor: Option<&Cursor>,
    limit: i64,
) -> Result<RunPage> {
    let source = Source::of(conn, filter).await?;
    let (run_ids, created_at, run_id) = page(source, filter, cursor, limit).fetch_one(&mut *conn).await?;
    Ok(RunPage {
        runs: if run_ids.is_empty() {
            Vec::new()
        } else {
            runs_by_id(conn, &run_ids).await?
        },
        next: cursor_of(created_at, run_id),
    })
}

/// The ids of the runs that a filter names, newest first: of all there are, `limit` at most.
pub async fn matching_ids(conn: &mut PgConnection, filter: &RunFilter, limit: i64) -> Result<Vec<String>> {
    let source = Source::of(conn, filter).await?;
    let mut found = Vec::new();
    let mut cursor: Option<Cursor> = None;
    loop {
        let (run_ids, created_at, run_id) = page(source, filter, cursor.as_ref(), limit - found.len() as i64)
            .fetch_one(&mut *conn)
            .await?;
        found.extend(run_ids);
        cursor = cursor_of(created_at, run_id);
        if cursor.is_none() || found.len() as i64 >= limit {
            return Ok(found);
        }
    }
}

/// Asks for a page out of a part of the ledger; planned anew each time, so that absent filters cost nothing.
pub(crate) fn page<'q>(
    source: Source,
    filter: &'q RunFilter,
    cursor: Option<&'q Cursor>,
    limit: i64,
) -> QueryAs<'q, Postgres, Ids, PgArguments> {
    let id_prefix = filter.id_prefix();
    sqlx::query_as(Source::statement(source))
        .persistent(false)
        .bind(filter.status.as_deref())
        .bind(filter.lane.as_deref())
        .bind(filter.template.as_deref())
        .bind(filter.action.as_deref())
        .bind(filter.text.as_deref().filter(|_| id_prefix.is_none()))
        .bind(filter.from)
        .bind(filter.to)
        .bind(cursor.map(|cursor| cursor.created_at))
        .bind(cursor.map(|cursor| cursor.run_id.as_str()))
        .bind(limit)
        .bind(filter.env.as_deref())
        .bind(filter.user.as_deref())
        .bind(filter.reason.as_deref())
        .bind(filter.dead)
        .bind(filter.parent.as_deref())
        .bind(filter.session.as_deref())
        .bind(id_prefix)
        .bind(source.look(filter))
}

fn cursor_of(created_at: Option<DateTime<Utc>>, run_id: Option<String>) -> Option<Cursor> {
    Some(Cursor {
        created_at: created_at?,
        run_id: run_id?,
    })
}

/// The runs of these ids that the caller may see, in the order of the ids.
pub async fn runs_by_id(conn: &mut PgConnection, run_ids: &[String]) -> Result<Vec<RunRow>> {
    Ok(sqlx::query_as(RUNS_BY_ID).bind(run_ids).fetch_all(conn).await?)
}

statements! {
    RUNS_BY_ID = run_rows!("runs_by_id.sql");
}
