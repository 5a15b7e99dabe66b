//! What callers can ask over HTTP: one folder per thing, one file per verb.
//!
//! A handler extracts, converts, makes one use-case call, commits and answers with a view. The gate has
//! proven the caller and its permission before a handler runs; Postgres checks again inside.

pub mod action_runs;
pub mod alert_channels;
pub mod alert_rules;
pub mod alerts;
pub mod artifacts;
pub mod audit;
pub mod bulk;
pub mod client_errors;
pub mod health;
pub mod lanes;
pub mod live;
pub mod remote;
pub mod retention;
pub mod runs;
pub mod schedules;
pub mod secrets;
pub mod sessions;
pub mod settings;
pub mod stats;
pub mod templates;
pub mod tokens;
pub mod users;
pub mod views;
pub mod workers;

use crate::error::{ApiError, ApiResult};
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

    /// Where a page of a list that is ordered by a number begins, and how long it is.
    pub(crate) fn span(cursor: Option<&str>, limit: Option<i64>) -> ApiResult<(Option<i64>, i64)> {
        let limit = limit.unwrap_or(50);
        if !(1..=200).contains(&limit) {
            return Err(ApiError::invalid("limit", "A page has 1 to 200 entries."));
        }
        let before = cursor.map(str::parse).transpose();
        let before =
            before.map_err(|_| ApiError::invalid("cursor", "A cursor is the next_cursor of an earlier page."))?;
        Ok((before, limit))
    }

    /// A page out of rows of which one too many was read.
    pub(crate) fn cut<Row: Into<T>>(mut rows: Vec<Row>, limit: i64, place: impl Fn(&Row) -> i64) -> Self {
        let is_last = rows.len() as i64 <= limit;
        rows.truncate(limit as usize);
        Self {
            next_cursor: rows.last().filter(|_| !is_last).map(|row| place(row).to_string()),
            items: rows.into_iter().map(Into::into).collect(),
        }
    }
}

/// Commits, so that the answer is true.
pub(crate) async fn commit(tx: db::Transaction) -> db::Result<()> {
    tx.commit().await.map_err(db::DbError::from)
}
