//! `/bulk`: operations, newest first.

use super::words;
use crate::api::PageError;
use crate::components::{Empty, Icon};
use crate::served::{
    Ask, Page,
    parts::{ago, table},
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
        table("Bulk operations", &headings, rows.into_iter().map(row).collect())
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

fn row(row: BulkRow) -> AnyView {
    let (word, tone, icon) = words::status(&row.status);
    html! {
        <tr>
            <th scope="row">
                <a class="row-link" href=format!("/bulk/{}", row.bulk_id)>
                    {format!("{} {}", words::verb(&row.verb), words::runs(i64::from(row.preview_count)))}
                </a>
            </th>
            <td>
                <span class=format!("pill {tone}")>
                    <Icon name=icon />
                    {word}
                </span>
            </td>
            <td class="r">{time::count(i64::from(row.done_count))}</td>
            <td class="r">{time::count(i64::from(row.skipped_count))}</td>
            <td class="r">{time::count(i64::from(row.failed_count))}</td>
            <td>{row.requested_by}</td>
            <td>{ago(row.created_at)}</td>
        </tr>
    }
}
