//! Lists of runs: by id, and filtered page by page.

mod filter;
mod parts;
pub(crate) mod source;

pub use self::{filter::RunFilter, source::count_open};

use self::source::Source;
use super::{RunRow, run_rows};
use crate::{PgConnection, Result, statements::statements};
use chrono::{DateTime, Utc};
use sqlx::{Postgres, postgres::PgArguments, query::QueryAs};

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
    let mut pages = Vec::new();
    for part in parts::parts(filter) {
        pages.push(page_of(conn, &part, cursor, limit).await?);
    }
    Ok(parts::merged(pages, limit))
}

async fn page_of(conn: &mut PgConnection, filter: &RunFilter, cursor: Option<&Cursor>, limit: i64) -> Result<RunPage> {
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
    let parts = parts::parts(filter);
    let mut found = Vec::new();
    for part in &parts {
        found.extend(ids_of(conn, part, limit).await?);
    }
    if parts.len() > 1 {
        // An id begins with the second of its run: the order of ids is that of lists, nearly.
        found.sort_unstable_by(|one, other| other.cmp(one));
        found.dedup();
        found.truncate(limit as usize);
    }
    Ok(found)
}

async fn ids_of(conn: &mut PgConnection, filter: &RunFilter, limit: i64) -> Result<Vec<String>> {
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

/// How many of these runs stand in each status.
pub async fn count_by_status(conn: &mut PgConnection, run_ids: &[String]) -> Result<Vec<(String, i64)>> {
    Ok(sqlx::query_as(BY_STATUS).bind(run_ids).fetch_all(conn).await?)
}

/// Asks for a page out of a part of the ledger; planned anew each time, so that absent filters cost nothing.
pub(crate) fn page<'q>(
    source: Source,
    filter: &'q RunFilter,
    cursor: Option<&'q Cursor>,
    limit: i64,
) -> QueryAs<'q, Postgres, Ids, PgArguments> {
    let id_prefix = filter.id_prefix();
    let lasting = filter.lasting();
    let mut query = sqlx::query_as(Source::statement(source))
        .persistent(false)
        .bind(filter.statuses())
        .bind(named(&filter.lane))
        .bind(named(&filter.template))
        .bind(named(&filter.action))
        .bind(filter.text.as_deref().filter(|_| id_prefix.is_none()))
        .bind(filter.from)
        .bind(filter.to)
        .bind(cursor.map(|cursor| cursor.created_at))
        .bind(cursor.map(|cursor| cursor.run_id.as_str()))
        .bind(limit)
        .bind(named(&filter.env))
        .bind(named(&filter.user))
        .bind(filter.reason.as_deref())
        .bind(filter.dead)
        .bind(filter.parent.as_deref())
        .bind(filter.session.as_deref())
        .bind(id_prefix)
        .bind(source.look(filter))
        .bind(filter.tables())
        .bind(named(&filter.params))
        .bind((!filter.states.is_empty()).then(|| filter.status.clone().unwrap_or_default()));
    for seconds in lasting {
        query = query.bind(seconds);
    }
    query
}

/// A list that narrows; an empty one does not.
fn named<T>(list: &[T]) -> Option<&[T]> {
    (!list.is_empty()).then_some(list)
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
    BY_STATUS = "select status, count(*) from public.runs where run_id = any ($1) group by status order by status";
    RUNS_BY_ID = run_rows!("runs_by_id.sql");
}
