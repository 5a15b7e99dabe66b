//! What is new since the list was drawn.

use crate::api::draw_page;
use crate::components::tick_ages;
use crate::live::hub::watch;
use crate::live::wire::LiveEvent;
use crate::now::{Now, use_now};
use crate::views::Sent;
use leptos::{ev, prelude::*, task::spawn_local};
use std::{cell::RefCell, time::Duration};
use wasm_bindgen::JsCast;
use web_sys::{Element, MouseEvent};

/// A burst of changes is one question.
const GATHERED: Duration = Duration::from_millis(250);

thread_local! {
    /// Runs to ask about; `None` while nobody is about to ask.
    static ASKED: RefCell<Option<Vec<String>>> = const { RefCell::new(None) };
}

/// Keeps rows and announcement fresh while the page is shown.
pub(super) fn keep(redraw: RwSignal<u32>) {
    let now = use_now();
    Effect::new(move || {
        watch("board".to_owned(), move |event| hear(event, now));
        let clicked = window_event_listener(ev::click, move |event| renew(&event, redraw));
        on_cleanup(move || clicked.remove());
    });
}

fn hear(event: &LiveEvent, now: Now) {
    let LiveEvent::Run(changed) = event else { return };
    let mut changed_ids = Vec::new();
    for run in &changed.rows {
        let known = find(&format!("tr[data-run=\"{}\"]", run.id));
        // A run that is not in the list may be one that has come.
        let is_new = known.is_none_or(|row| number(&row, "data-version").is_none_or(|version| version < run.version));
        if is_new {
            changed_ids.push(run.id.clone());
        }
    }
    if changed_ids.is_empty() {
        return;
    }
    let is_first = ASKED.with_borrow_mut(|asked| {
        let is_first = asked.is_none();
        asked.get_or_insert_default().append(&mut changed_ids);
        is_first
    });
    if is_first {
        set_timeout(move || spawn_local(ask(now)), GATHERED);
    }
}

async fn ask(now: Now) {
    let changed = ASKED.take().unwrap_or_default();
    let Some(list) = find(".run-list") else { return };
    let mut address = list.get_attribute("data-address").unwrap_or_default();
    address = address.replacen("/runs", "/runs.news", 1);
    address.push(if address.contains('?') { '&' } else { '?' });
    address.push_str("since=");
    address.push_str(&list.get_attribute("data-since").unwrap_or_default());
    for run_id in changed {
        if find(&format!("tr[data-run=\"{run_id}\"]")).is_some() {
            address.push_str("&run=");
            address.push_str(&run_id);
        }
    }
    if let Ok(Sent(view)) = draw_page(address).await {
        show(&view.html);
        tick_ages(now.get_untracked());
    }
}

/// Puts what has changed where it stands: the live cells of rows, and the announcement.
fn show(html: &str) {
    let Ok(drawn) = document().create_element("div") else {
        return;
    };
    drawn.set_inner_html(html);
    for row in all(&drawn, "tr[data-run]") {
        let id = row.get_attribute("data-run").unwrap_or_default();
        let Some(known) = find(&format!("tr[data-run=\"{id}\"]")) else {
            continue;
        };
        if number(&known, "data-version") > number(&row, "data-version") {
            continue;
        }
        let _ = known.set_attribute("data-version", &row.get_attribute("data-version").unwrap_or_default());
        for (old, new) in all(&known, "td.live").into_iter().zip(all(&row, "td.live")) {
            if old.inner_html() != new.inner_html() {
                old.set_inner_html(&new.inner_html());
            }
        }
    }
    if let Some(news) = find("#news") {
        let html = drawn
            .query_selector(".news")
            .ok()
            .flatten()
            .map(|link| link.outer_html());
        let html = html.unwrap_or_default();
        if news.inner_html() != html {
            news.set_inner_html(&html);
        }
    }
}

/// Whoever presses the announcement sees the list as it is now.
fn renew(event: &MouseEvent, redraw: RwSignal<u32>) {
    let is_news = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
        .is_some_and(|target| target.closest("[data-renew]").ok().flatten().is_some());
    if is_news {
        redraw.update(|count| *count += 1);
    }
}

fn number(element: &Element, name: &str) -> Option<i64> {
    element.get_attribute(name)?.parse().ok()
}

fn find(which: &str) -> Option<Element> {
    document().query_selector(which).ok()?
}

pub(super) fn all(within: &Element, which: &str) -> Vec<Element> {
    let Ok(found) = within.query_selector_all(which) else {
        return Vec::new();
    };
    (0..found.length())
        .filter_map(|at| found.get(at)?.dyn_into().ok())
        .collect()
}
