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
    /// Continues after the run this names, `MICROSECONDS~ID`.
    pub(crate) after: String,
}

/// One page of runs.
#[server(prefix = "/fn", endpoint = "list_runs", input = leptos::server_fn::codec::Json)]
pub(crate) async fn list_runs(query: RunQuery) -> Result<Sent<RunListView>, PageError> {
    let (services, claims) = super::error::caller()?;
    let mut tx = services.begin(&claims).await?;
    let page = runs::read::list_runs(
        &mut tx,
        &ssr::filter(&query),
        ssr::cursor(&query.after).as_ref(),
        ssr::PAGE,
    )
    .await?;
    Ok(Sent(ssr::view(page)))
}

#[cfg(feature = "ssr")]
mod ssr {
    use super::RunQuery;
    use crate::views::RunListView;
    use db::reads::{Cursor, RunFilter, RunPage};

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

    pub(super) fn view(page: RunPage) -> RunListView {
        let is_full = page.runs.len() as i64 >= PAGE;
        RunListView {
            older: page
                .next
                .as_ref()
                .map(|next| format!("{}~{}", next.created_at.timestamp_micros(), next.run_id)),
            looked_back_to: page
                .next
                .filter(|_| !is_full)
                .map(|next| next.created_at.timestamp_millis()),
            runs: page.runs.into_iter().map(Into::into).collect(),
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn a_page_that_could_not_be_filled_says_how_far_it_looked() {
            let stopped = Cursor {
                created_at: chrono::DateTime::from_timestamp_micros(1_768_383_012_123_456).unwrap(),
                run_id: "run_20260114_093012_k3v7q2xw".to_owned(),
            };
            let short = view(RunPage {
                runs: Vec::new(),
                next: Some(stopped.clone()),
            });
            assert_eq!(short.looked_back_to, Some(1_768_383_012_123));
            assert_eq!(cursor(&short.older.unwrap()), Some(stopped));

            let last = view(RunPage {
                runs: Vec::new(),
                next: None,
            });
            assert_eq!((last.older, last.looked_back_to), (None, None));
        }
    }
}
