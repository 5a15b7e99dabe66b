//! One schedule: what it does, when next, and what became of its last times.

use super::{acts, list, says, times};
use crate::api::PageError;
use crate::served::{
    Ask, Page,
    parts::{ago, records, stamp},
};
use crate::views::pretty;
use domain::Permission;
use leptos::prelude::*;
use runs::schedules::{self, ScheduleRow, TickRow};

/// Times shown.
const TICKS: i64 = 50;

/// The page.
pub(super) async fn page(ask: &Ask, id: &str) -> Result<Page, PageError> {
    let row = read(ask, id).await?;
    let mut tx = ask.services.begin(&ask.claims).await?;
    let ticks = schedules::ticks(&mut tx, row.schedule_id, TICKS).await?;
    let last = row.last_run_id.clone().into_iter().collect::<Vec<_>>();
    let runs = db::reads::runs_by_id(&mut tx, &last).await?;
    let status = runs.into_iter().map(|run| (run.run_id, run.status)).collect();
    let may = list::may_change(ask, &row);
    let next = times::drawn(ask, Some(&row.cron), Some(&row.zone)).await?;
    let built_in = row.built_in.then(|| {
        html! { <p class="note">"It comes with Runboard: what it does is fixed, and it cannot be deleted. When it runs is up to you."</p> }
    });
    let body = html! {
        {built_in}
        <dl class="facts-list card pane">
            <div><dt>"Starts"</dt><dd>{says::work(&row)}</dd></div>
            <div><dt>"When"</dt><dd>{says::when(&row.cron, &row.zone)}</dd></div>
            <div><dt>"Next run"</dt><dd>{list::next(&row)}</dd></div>
            <div><dt>"Last time"</dt><dd>{list::last(&row, &status)}</dd></div>
            <div><dt>"Guards"</dt><dd>{says::guards(&row)}</dd></div>
            <div><dt>"Lane"</dt><dd>{row.lane.clone().unwrap_or_else(|| "of what it starts".to_owned())}</dd></div>
            <div><dt>"Priority"</dt><dd>{row.priority.map_or_else(|| "of what it starts".to_owned(), |number| number.to_string())}</dd></div>
            <div><dt>"Changed"</dt><dd>{ago(row.updated_at)} " by " {row.updated_by.clone()}</dd></div>
        </dl>
        {given(&row)}
        <section class="card pane" aria-labelledby="next-title">
            <h2 id="next-title">"Next times"</h2>
            {(!row.enabled).then(|| html! { <p class="note">"It is off: these times pass without a run until somebody switches it on."</p> })}
            {next}
        </section>
        <h2>"Last times"</h2>
        {story(ticks)}
    };
    let may_start = ask.may(Permission::ManageRuns) && may;
    let edit = format!("/schedules/{}/edit", row.schedule_id);
    let actions = may_start.then(|| {
        html! {
            <div class="row bar">
                {acts::switch(&row, true)} <span class="grow"></span> {acts::run_now(&row, "btn primary")}
                <a class="btn" href=edit>"Edit"</a> {(!row.built_in).then(|| acts::delete(&row))}
            </div>
        }
    });
    let body = html! { {actions} {body} };
    Ok(Page::new(ask, row.name.clone(), body).fresh(10))
}

/// The schedule of the address.
pub(super) async fn read(ask: &Ask, id: &str) -> Result<ScheduleRow, PageError> {
    let gone = || PageError::not_found("schedule");
    let id = id.parse().map_err(|_| gone())?;
    let mut tx = ask.services.begin(&ask.claims).await?;
    schedules::read(&mut tx, id).await?.ok_or_else(gone)
}

/// What it gives to the work it starts.
fn given(row: &ScheduleRow) -> Option<AnyView> {
    let value = if row.template_slug.is_some() {
        &row.params
    } else {
        &row.options
    };
    let is_empty = value.as_object().is_none_or(serde_json::Map::is_empty);
    (!is_empty).then(|| {
        html! {
            <details class="card pane">
                <summary>"Parameters"</summary>
                <pre>{pretty(value)}</pre>
            </details>
        }
    })
}

fn story(ticks: Vec<TickRow>) -> AnyView {
    if ticks.is_empty() {
        return html! { <p class="note">"None of its times has come yet."</p> };
    }
    let row = |tick: TickRow| {
        let run = tick
            .run_id
            .map(|id| html! { <a href=format!("/runs/{id}")><code>{id.clone()}</code></a> });
        let count = tick.missed_count.filter(|count| *count > 1);
        let why = match (tick.message, count) {
            (Some(message), Some(count)) => format!("{message} ({count} times)"),
            (Some(message), None) => message,
            (None, Some(count)) => format!("{count} times"),
            (None, None) => String::new(),
        };
        vec![
            stamp(tick.tick_at),
            ago(tick.at),
            says::outcome(&tick.outcome),
            run.into_any(),
            why.into_any(),
        ]
    };
    let headings = ["Time", "Dealt with", "Outcome", "Run", "Why"];
    records("Last times", &headings, ticks.into_iter().map(row).collect())
}
