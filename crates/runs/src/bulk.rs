//! Bulk operations: one verb for every run that a filter names.
//!
//! What the filter names is frozen when it is asked for; a run of the action `runs.bulk` works through the
//! list ([`crate::actions`]), each item as the person who asked.

use crate::filter;
use chrono::{DateTime, Utc};
use db::{DbError, PgConnection, bulk, reads};
use domain::{Claims, filter::Filter};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

pub use db::bulk::{BulkRow, Created, ItemRow, items, list, read, settle};
pub use db::reads::{RunFilter, RunRow};

/// Runs that one operation may take.
pub const MOST: i64 = 50_000;
/// Runs a preview shows.
const SAMPLE: usize = 10;

/// Which runs.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "one of it lives per request")]
pub enum Selection {
    /// Exactly these.
    Runs(Vec<String>),
    /// Every run that the filter names at this moment.
    Filter {
        /// Read.
        filter: RunFilter,
        /// In words that stay true, for people.
        asked: Value,
        /// As the caller wrote it: two clicks mean the same, however late the second comes.
        written: String,
    },
}

impl Selection {
    /// What a filter names at `now`.
    pub fn of(words: &Filter, now: DateTime<Utc>, claims: &Claims) -> Self {
        Self::Filter {
            filter: filter::resolve(words, now, claims),
            asked: filter::asked(&filter::frozen(words, now, claims)),
            written: words.plain().to_string(),
        }
    }
}

/// One verb for many runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Wish {
    /// cancel, retry or rerun.
    pub verb: String,
    /// Which runs.
    pub selection: Selection,
    /// What a rerun changes.
    pub changes: Option<Value>,
    /// Why, for people.
    pub note: Option<String>,
    /// How many the caller saw in the preview.
    pub expected_count: Option<i64>,
    /// Key of the click.
    pub idempotency_key: Option<String>,
}

/// What a wish would touch.
#[derive(Debug, Clone, PartialEq)]
pub struct Preview {
    /// How many runs.
    pub count: i64,
    /// There are more than one operation may take.
    pub is_too_many: bool,
    /// How many stand in which status now; `None` when they were counted where they stand.
    pub by_status: Option<Vec<(String, i64)>>,
    /// The newest of them.
    pub sample: Vec<RunRow>,
}

/// How many runs a filter names, when that is cheap to know and one operation may take them.
pub async fn count(conn: &mut PgConnection, filter: &RunFilter) -> Result<Option<i64>, DbError> {
    let count = reads::count_open(conn, filter, MOST + 1).await?;
    Ok(count.filter(|count| *count <= MOST))
}

/// Counts what a selection names, and shows the first of it.
pub async fn preview(conn: &mut PgConnection, selection: &Selection) -> Result<Preview, DbError> {
    let counted = match selection {
        Selection::Filter { filter, .. } => reads::count_open(conn, filter, MOST + 1).await?,
        Selection::Runs(_) => None,
    };
    let (count, run_ids, by_status) = if let (Selection::Filter { filter, .. }, Some(count)) = (selection, counted) {
        // A long queue is counted where it stands, and only its first are looked up.
        (count, reads::matching_ids(conn, filter, SAMPLE as i64).await?, None)
    } else {
        let run_ids = freeze(conn, selection).await?;
        let by_status = reads::count_by_status(conn, &run_ids).await?;
        (run_ids.len() as i64, run_ids, Some(by_status))
    };
    let sample = &run_ids[..run_ids.len().min(SAMPLE)];
    Ok(Preview {
        count,
        is_too_many: count > MOST,
        by_status,
        sample: reads::runs_by_id(conn, sample).await?,
    })
}

/// Freezes the selection and enqueues the run that works through it.
pub async fn create(conn: &mut PgConnection, wish: &Wish) -> Result<Created, DbError> {
    let run_ids = freeze(conn, &wish.selection).await?;
    let mut spec = json!({
        "verb": wish.verb, "run_ids": run_ids, "changes": wish.changes, "note": wish.note,
        "expected_count": wish.expected_count, "idempotency_key": wish.idempotency_key, "body_hash": fingerprint(wish),
    });
    if let Selection::Filter { asked, .. } = &wish.selection {
        spec["filter"] = asked.clone();
    }
    bulk::create(conn, &spec).await
}

async fn freeze(conn: &mut PgConnection, selection: &Selection) -> Result<Vec<String>, DbError> {
    match selection {
        Selection::Runs(run_ids) => {
            let mut run_ids = run_ids.clone();
            run_ids.sort();
            run_ids.dedup();
            Ok(run_ids)
        }
        // One more tells that there are too many.
        Selection::Filter { filter, .. } => reads::matching_ids(conn, filter, MOST + 1).await,
    }
}

/// The same wish has the same fingerprint, whatever its filter names by now.
fn fingerprint(wish: &Wish) -> String {
    let selection = match &wish.selection {
        Selection::Runs(run_ids) => json!(run_ids),
        Selection::Filter { written, .. } => json!({ "filter": written }),
    };
    let text = json!([wish.verb, selection, wish.changes, wish.note]).to_string();
    domain::hex(&Sha256::digest(text.as_bytes()))
}
