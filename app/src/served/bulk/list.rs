//! `/bulk`: operations, newest first.

use super::words;
use crate::api::PageError;
use crate::components::{Empty, Icon};
use crate::served::{
    Ask, Page,
    parts::{ago, records},
};
use crate::time;
use chrono::DateTime;
use db::bulk::BulkRow;
use leptos::prelude::*;
use uuid::Uuid;

/// Operations on one page.
const SHOWN: i64 = 50;

/// The page.
pub(in crate::served) async fn page(ask: &Ask) -> Result<Page, PageError> {
    let before = ask.query("before").and_then(|text| {
        let (micros, id) = text.split_once('~')?;
        Some((
            DateTime::from_timestamp_micros(micros.parse().ok()?)?,
            id.parse::<Uuid>().ok()?,
        ))
    });
    let mut tx = ask.services.begin(&ask.claims).await?;
    let mut rows = runs::bulk::list(&mut tx, before, SHOWN + 1).await?;
    drop(tx);
    let is_last = rows.len() as i64 <= SHOWN;
    rows.truncate(SHOWN as usize);
    let older = rows.last().filter(|_| !is_last).map(|row| {
        ask.address_with(
            "before",
            Some(&format!("{}~{}", row.created_at.timestamp_micros(), row.bulk_id)),
        )
    });
    let moves = rows.iter().any(|row| row.finished_at.is_none());
    let list = if rows.is_empty() {
        html! { <Empty title="There are no bulk operations yet." hint="Mark runs in the list of runs, and cancel, retry or rerun them together." /> }
    } else {
        let headings = ["What", "State", ">Done", ">Skipped", ">Failed", "Asked by", "When"];
        records("Bulk operations", &headings, rows.into_iter().map(row).collect())
    };
    let body = html! {
        {list}
        <nav class="row pager" aria-label="Pages">
            {ask.query("before").map(|_| html! { <a class="btn" href="/bulk">"Newest"</a> })}
            <span class="grow"></span>
            {older.map(|href| html! { <a class="btn" href=href rel="next">"Older"</a> })}
        </nav>
    };
    let page = Page::new(ask, "Bulk operations", body);
    Ok(if moves { page.fresh(3) } else { page })
}

fn row(row: BulkRow) -> Vec<AnyView> {
    let (word, tone, icon) = words::status(&row.status);
    let what = format!(
        "{} {}",
        words::verb(&row.verb),
        words::runs(i64::from(row.preview_count))
    );
    let count = |count: i32| time::count(i64::from(count)).into_any();
    vec![
        html! { <a class="row-link" href=format!("/bulk/{}", row.bulk_id)>{what}</a> },
        html! {
            <span class=format!("pill {tone}")>
                <Icon name=icon />
                {word}
            </span>
        },
        count(row.done_count),
        count(row.skipped_count),
        count(row.failed_count),
        row.requested_by.into_any(),
        ago(row.created_at),
    ]
}
