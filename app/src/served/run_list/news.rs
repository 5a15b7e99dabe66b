//! What has happened since the list was drawn: its rows as they are now, and how many runs have come.

use super::{Asked, SHOWN, cursor, table};
use crate::api::PageError;
use crate::served::{Ask, Page};
use chrono::{DateTime, Utc};
use db::reads::{Cursor, RunFilter};
use leptos::prelude::*;

/// More are not counted.
const MOST: i64 = 100;

/// Rows of the runs that `run` names, and how many are newer than `since`.
pub(in crate::served) async fn page(ask: &Ask) -> Result<Page, PageError> {
    let mut tx = ask.services.begin(&ask.claims).await?;
    let saved = runs::views::list(&mut tx).await?;
    let asked = Asked::of(ask, &saved);
    let run_ids: Vec<String> = ask
        .pairs()
        .iter()
        .filter(|(key, _)| key == "run")
        .map(|(_, run_id)| run_id.clone())
        .take(SHOWN as usize)
        .collect();
    let runs = if run_ids.is_empty() {
        Vec::new()
    } else {
        runs::read::runs_by_id(&mut tx, &run_ids).await?
    };
    let since = ask.query("since").and_then(cursor::read);
    let count = match &since {
        Some(since) => {
            let newer = newer_than(asked.resolved(ask), since.created_at);
            let page = runs::read::list_runs(&mut tx, &newer, None, MOST).await?;
            page.runs.iter().filter(|run| is_after(&cursor::of(run), since)).count()
        }
        None => 0,
    };
    let words = match count {
        0 => None,
        count if count as i64 >= MOST - 1 => Some("Many new".to_owned()),
        count => Some(format!("{count} new")),
    };
    let rows = table::rows(&table::Look::of(ask, &asked), &runs);
    let body = html! {
        <table>
            <tbody>{rows}</tbody>
        </table>
        {words.map(|words| html! { <button type="button" class="btn sm news" data-renew="">{words}</button> })}
    };
    Ok(Page::new(ask, "Runs", body))
}

fn newer_than(filter: RunFilter, at: DateTime<Utc>) -> RunFilter {
    RunFilter {
        from: Some(filter.from.map_or(at, |from| from.max(at))),
        ..filter
    }
}

fn is_after(place: &Cursor, other: &Cursor) -> bool {
    (place.created_at, &place.run_id) > (other.created_at, &other.run_id)
}
