//! `/runs`: every run that a filter names, newest first.

mod asked;
mod cells;
mod cursor;
mod filter_bar;
mod news;
mod selection;
mod table;
mod tools;
mod views;

pub(super) use asked::Asked;
pub(super) use filter_bar::chips;
pub(super) use news::page as news;
pub(super) use table::status;

use super::{Ask, Page};
use crate::api::PageError;
use crate::components::{Empty, Icon};
use crate::time;
use domain::Permission;
use leptos::prelude::*;

/// Runs on one page.
const SHOWN: i64 = 50;

/// The page.
pub(super) async fn page(ask: &Ask) -> Result<Page, PageError> {
    let mut tx = ask.services.begin(&ask.claims).await?;
    let saved = runs::views::list(&mut tx).await?;
    let asked = Asked::of(ask, &saved);
    asked.tidy_address();
    let cursor = ask.query("after").and_then(cursor::read);
    let is_first = cursor.is_none();
    let wanted = asked.resolved(ask);
    let list = runs::read::list_runs(&mut tx, &wanted, cursor.as_ref(), SHOWN).await?;
    let words = filter_bar::Words::read(&mut tx).await?;
    let count = match &list.next {
        None if is_first => Some(list.runs.len() as i64),
        _ => runs::bulk::count(&mut tx, &wanted).await?,
    };
    drop(tx);

    let may_select = ask.may(Permission::ManageOwnRuns);
    let newest = list.runs.first().map(cursor::of).filter(|_| is_first);
    let is_short = (list.runs.len() as i64) < SHOWN;
    let stopped_at = list
        .next
        .as_ref()
        .filter(|_| is_short)
        .map(|next| next.created_at.timestamp_millis());
    let older = list.next.as_ref().map(|next| asked.address_after(&cursor::write(next)));
    let next = if stopped_at.is_some() { "Look further" } else { "Older" };
    let is_empty = list.runs.is_empty();
    let rows = if is_empty && older.is_none() {
        nothing(&asked)
    } else if is_empty {
        html! { <Empty title="No run that fits has been found yet." hint="Look further back, or ask for less." /> }
    } else {
        table::table(&table::Look::of(ask, &asked), &list.runs)
    };
    let body = html! {
        <div
            class="run-list"
            data-address=asked.address()
            data-since=newest.map(|newest| cursor::write(&newest))
            data-now=time::iso(ask.now())
        >
            {views::tabs(&asked, &saved, ask)}
            {filter_bar::bar(&asked, &words)}
            <div class="row bar">
                {tools::tools(&asked)}
                <span class="grow"></span>
                <div id="news" role="status"></div>
            </div>
            {(may_select && !is_empty).then(|| selection::bar(&asked, count))}
            {rows}
            <nav class="row pager" aria-label="Pages">
                {(!is_first).then(|| html! { <a class="btn" href=asked.address()>"Newest"</a> })}
                <span class="grow"></span>
                {stopped_at
                    .map(|at| html! { <span class="note" role="status">"Looked back to " <time datetime=time::iso(at)>{time::stamp(at)}</time> "; older runs may fit."</span> })}
                {older.map(|href| html! { <a class="btn" href=href rel="next">{next}</a> })}
            </nav>
        </div>
    };
    let page = Page::new(ask, views::title(&asked, &saved), body);
    Ok(if ask.may(Permission::ManageRuns) {
        page.actions(html! { <a class="btn primary" href="/templates"><Icon name="play" /> "Start a run"</a> })
    } else {
        page
    })
}

fn nothing(asked: &Asked) -> AnyView {
    if asked.filter.is_narrow() {
        html! { <Empty title="No run fits." hint="Take a word out of the filter, or choose another view." /> }
    } else {
        html! { <Empty title="There are no runs yet." hint="Start one from a template; it appears here at once." /> }
    }
}
