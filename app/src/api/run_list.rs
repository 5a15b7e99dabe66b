//! Lists runs, newest first.

use super::PageError;
use crate::views::{RunListView, Sent};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Which runs to list, as the address says it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RunQuery {
    /// `active`, `failed`, `success`, `canceled`, or empty for all.
    pub(crate) status: String,
    /// Part of a title or an id.
    pub(crate) text: String,
    /// Continues after the run this names, `MILLISECONDS~ID`.
    pub(crate) after: String,
}

/// One page of runs.
#[server(prefix = "/fn", endpoint = "list_runs", input = leptos::server_fn::codec::Json)]
pub(crate) async fn list_runs(query: RunQuery) -> Result<Sent<RunListView>, PageError> {
    let (services, claims) = super::error::caller()?;
    let mut tx = services.begin(&claims).await?;
    let rows = runs::read::list_runs(
        &mut tx,
        &ssr::filter(&query),
        ssr::cursor(&query.after).as_ref(),
        ssr::PAGE + 1,
    )
    .await?;
    Ok(Sent(ssr::page(rows)))
}

#[cfg(feature = "ssr")]
mod ssr {
    use super::RunQuery;
    use crate::views::RunListView;
    use db::reads::{Cursor, RunFilter, RunRow};

    /// Runs on one page.
    pub(super) const PAGE: i64 = 50;

    pub(super) fn filter(query: &RunQuery) -> RunFilter {
        let words: &[&str] = match query.status.as_str() {
            "active" => &["queued", "running", "waiting"],
            "failed" => &["failed"],
            "success" => &["success"],
            "canceled" => &["canceled"],
            _ => &[],
        };
        RunFilter {
            status: (!words.is_empty()).then(|| words.iter().map(|&word| word.to_owned()).collect()),
            text: Some(query.text.trim().to_owned()).filter(|text| !text.is_empty()),
            ..RunFilter::default()
        }
    }

    /// Microseconds keep the place exact: Postgres stores no less.
    pub(super) fn cursor(after: &str) -> Option<Cursor> {
        let (at, run_id) = after.split_once('~')?;
        let created_at = chrono::DateTime::from_timestamp_micros(at.parse().ok()?)?;
        Some(Cursor {
            created_at,
            run_id: run_id.to_owned(),
        })
    }

    pub(super) fn page(mut rows: Vec<RunRow>) -> RunListView {
        let has_more = rows.len() as i64 > PAGE;
        rows.truncate(PAGE as usize);
        let older = rows
            .last()
            .filter(|_| has_more)
            .map(|row| format!("{}~{}", row.created_at.timestamp_micros(), row.run_id));
        RunListView {
            runs: rows.into_iter().map(Into::into).collect(),
            older,
        }
    }
}
