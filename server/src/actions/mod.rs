//! What callers can ask over HTTP: one folder per thing, one file per verb.
//!
//! A handler extracts, converts, makes one use-case call, commits and answers with a view. The gate has
//! proven the caller and its permission before a handler runs; Postgres checks again inside.

pub mod action_runs;
pub mod artifacts;
pub mod lanes;
pub mod live;
pub mod remote;
pub mod runs;
pub mod schedules;
pub mod sessions;
pub mod stats;
pub mod templates;
pub mod workers;

use serde::Serialize;
use utoipa::ToSchema;

/// A page of a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Page<T> {
    /// The things.
    pub items: Vec<T>,
    /// Asks for the next page as `cursor`; null on the last.
    pub next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// A list that fits one page.
    pub fn whole<Row: Into<T>>(rows: Vec<Row>) -> Self {
        Self {
            items: rows.into_iter().map(Into::into).collect(),
            next_cursor: None,
        }
    }
}

/// Commits, so that the answer is true.
pub(crate) async fn commit(tx: db::Transaction) -> db::Result<()> {
    tx.commit().await.map_err(db::DbError::from)
}
