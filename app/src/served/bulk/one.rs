//! `/bulk/{id}`: what was asked, how far it has come, and what became of each run.

use super::words;
use crate::api::PageError;
use crate::components::{Empty, Icon};
use crate::served::{
    Ask, Page,
    parts::{ago, refusal, table},
    run_list::chips,
};
use crate::time;
use db::bulk::{BulkRow, ItemRow};
use domain::{Permission, filter::Filter};
use leptos::prelude::*;
use serde_json::Value;

/// Items on one page.
const SHOWN: i64 = 100;
/// Outcomes: word in the address, label.
const OUTCOMES: [(&str, &str); 4] = [
    ("pending", "To come"),
    ("done", "Done"),
    ("skipped", "Skipped"),
    ("failed", "Failed"),
];

/// The page.
pub(in crate::served) async fn page(ask: &Ask, id: &str) -> Result<Page, PageError> {
    let bulk_id = id.parse().map_err(|_| PageError::not_found("bulk operation"))?;
    let mut tx = ask.services.begin(&ask.claims).await?;
    let row = runs::bulk::read(&mut tx, bulk_id)
        .await?
        .ok_or_else(|| PageError::not_found("bulk operation"))?;
    let outcome = ask
        .query("outcome")
        .filter(|word| OUTCOMES.iter().any(|(known, _)| known == word));
    let after = ask.query("after").and_then(|after| after.parse().ok()).unwrap_or(0);
    let mut items = runs::bulk::items(&mut tx, bulk_id, outcome, after, SHOWN + 1).await?;
    drop(tx);
    let is_last = items.len() as i64 <= SHOWN;
    items.truncate(SHOWN as usize);
    let next = items
        .last()
        .filter(|_| !is_last)
        .map(|item| ask.address_with("after", Some(&item.place.to_string())));
    let is_over = row.finished_at.is_some();
    let list = if items.is_empty() {
        html! { <Empty title="No run of the list is here." hint="Choose another outcome." /> }
    } else {
        let headings = [">Place", "Run", "Outcome", "New run", "Why", "When"];
        table(
            "Runs of this operation",
            &headings,
            items.into_iter().map(|row| item(row, is_over)).collect(),
        )
    };
    let title = format!(
        "{} {}",
        words::verb(&row.verb),
        words::runs(i64::from(row.preview_count))
    );
    let body = html! {
        {head(ask, &row)}
        {reasons(&row.errors)}
        {tabs(&row, outcome)}
        {list}
        <nav class="row pager" aria-label="Pages">
            {(after > 0).then(|| html! { <a class="btn" href=ask.address_with("after", None)>"First"</a> })}
            <span class="grow"></span>
            {next.map(|href| html! { <a class="btn" href=href rel="next">"Next"</a> })}
        </nav>
    };
    let page = Page::new(ask, title, body).actions(html! { <a class="btn" href="/bulk">"All operations"</a> });
    Ok(if is_over { page } else { page.fresh(1) })
}

fn head(ask: &Ask, row: &BulkRow) -> AnyView {
    let (word, tone, icon) = words::status(&row.status);
    let ended = row.done_count + row.skipped_count + row.failed_count;
    let total = row.preview_count;
    let said = format!(
        "{} of {} runs",
        time::count(i64::from(ended)),
        time::count(i64::from(total))
    );
    let asked = match &row.filter {
        Some(filter) => chips(&filter_of(filter), |_| None),
        None => html! { <p class="note">"These very runs, marked by hand."</p> },
    };
    let by = row.run_id.clone().map(|run_id| {
        html! { <a href=format!("/runs/{run_id}")><code>{run_id.clone()}</code></a> }
    });
    html! {
        <section class="card pane" aria-label="This operation">
            <div class="row bar">
                <span class=format!("pill {tone}")>
                    <Icon name=icon />
                    {word}
                </span>
                <progress max=total.to_string() value=ended.to_string() aria-label="Progress"></progress>
                <span>{said}</span>
                <span class="grow"></span>
                {stop(ask, row)}
            </div>
            {asked}
            <dl class="facts-list">
                <div><dt>{format!("Runs {}", words::done(&row.verb))}</dt><dd>{time::count(i64::from(row.done_count))}</dd></div>
                <div><dt>"Skipped"</dt><dd>{time::count(i64::from(row.skipped_count))}</dd></div>
                <div><dt>"Failed"</dt><dd>{time::count(i64::from(row.failed_count))}</dd></div>
                <div><dt>"Asked by"</dt><dd>{row.requested_by.clone()}</dd></div>
                <div><dt>"Asked"</dt><dd>{ago(row.created_at)}</dd></div>
                <div><dt>"Ended"</dt><dd>{row.finished_at.map_or_else(|| "–".into_any(), ago)}</dd></div>
                <div><dt>"Worked through by"</dt><dd>{by}</dd></div>
                {row.note.clone().map(|note| html! { <div><dt>"Reason"</dt><dd>{note}</dd></div> })}
            </dl>
        </section>
    }
}

/// The filter that was frozen, read back from what is kept of it.
fn filter_of(kept: &Value) -> Filter {
    let fields = kept.as_object().into_iter().flatten();
    Filter::of_pairs(fields.map(|(key, value)| {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        (key.clone(), value)
    }))
}

/// Canceling the run that works through the list stops the operation.
fn stop(ask: &Ask, row: &BulkRow) -> AnyView {
    let may_stop = ask.may(Permission::ManageRuns) || row.requested_by == ask.claims.actor;
    let Some(run_id) = row.run_id.clone().filter(|_| row.finished_at.is_none() && may_stop) else {
        return ().into_any();
    };
    html! {
        <button type="button" class="btn danger" id="stop-open" popovertarget="stop">"Stop"</button>
        <div popover="auto" id="stop" class="dialog ask" role="dialog" aria-label="Stop this operation">
            <form method="post" action="/fn/cancel_run" data-done="The operation is being stopped.">
                <p class="strong">"Stop here?"</p>
                <p class="note">"What is done stays done. Runs it has not come to are skipped and listed as such."</p>
                {refusal()}
                <input type="hidden" name="run_id" value=run_id />
                <input type="hidden" name="reason" value="The bulk operation was stopped." />
                <button class="btn danger">"Stop the operation"</button>
            </form>
        </div>
    }
}

fn reasons(errors: &Value) -> AnyView {
    let lines = errors
        .as_array()
        .into_iter()
        .flatten()
        .map(|error| {
            let count = error["count"].as_i64().unwrap_or_default();
            let message = error["message"].as_str().unwrap_or_default().to_owned();
            html! { <li><b>{time::count(count)}</b> " " {message} " " <code>{error["code"].as_str().unwrap_or_default().to_owned()}</code></li> }
        })
        .collect::<Vec<_>>();
    if lines.is_empty() {
        return ().into_any();
    }
    html! {
        <section class="card pane" aria-labelledby="refused-title">
            <h2 id="refused-title">"Why runs were refused"</h2>
            <ul>{lines}</ul>
        </section>
    }
}

fn tabs(row: &BulkRow, outcome: Option<&str>) -> AnyView {
    let id = row.bulk_id;
    let to_come = row.preview_count - row.done_count - row.skipped_count - row.failed_count;
    let counts = [to_come, row.done_count, row.skipped_count, row.failed_count];
    let links = OUTCOMES
        .into_iter()
        .zip(counts)
        .filter(|((word, _), count)| *count > 0 || outcome == Some(*word))
        .map(|((word, label), count)| {
            let is_here = (outcome == Some(word)).then_some("page");
            html! {
                <a href=format!("/bulk/{id}?outcome={word}") aria-current=is_here>
                    {label} <span class="count">{time::count(i64::from(count))}</span>
                </a>
            }
        })
        .collect_view();
    html! {
        <nav class="tabs" aria-label="Outcomes">
            <a href=format!("/bulk/{id}") aria-current=outcome.is_none().then_some("page")>"All"</a>
            {links}
        </nav>
    }
}

fn item(row: ItemRow, is_over: bool) -> AnyView {
    let (word, tone, icon) = match row.outcome.as_deref() {
        Some("done") => ("done", "ok", "check"),
        Some("skipped") => ("skipped", "idle", "skipped"),
        Some("failed") => ("failed", "bad", "cross"),
        _ if is_over => ("not reached", "idle", "skipped"),
        _ => ("to come", "idle", "queued"),
    };
    let run = |run_id: String| html! { <a href=format!("/runs/{run_id}")><code>{run_id.clone()}</code></a> };
    html! {
        <tr>
            <td class="r">{row.place}</td>
            <th scope="row">{run(row.run_id)}</th>
            <td>
                <span class=format!("pill {tone}")>
                    <Icon name=icon />
                    {word}
                </span>
            </td>
            <td>{row.new_run_id.map(run)}</td>
            <td class="wrap">{row.message}</td>
            <td>{row.done_at.map(ago)}</td>
        </tr>
    }
}
