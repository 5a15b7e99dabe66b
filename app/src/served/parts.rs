//! The pieces that served pages are made of.

use crate::time;
use chrono::{DateTime, Utc};
use leptos::prelude::*;

/// `2 min ago`, ticking in the browser.
pub(super) fn ago(at: DateTime<Utc>) -> AnyView {
    let at = at.timestamp_millis();
    html! { <time datetime=time::iso(at) title=time::stamp(at) data-ago="">{time::stamp(at)}</time> }
}

/// `0:42`, counting in the browser: how long it has been so.
pub(super) fn lasting(since: DateTime<Utc>) -> AnyView {
    let since = since.timestamp_millis();
    html! { <time datetime=time::iso(since) title=time::stamp(since) data-for="">{time::stamp(since)}</time> }
}

/// `2026-01-14 09:31:02 UTC`.
pub(super) fn stamp(at: DateTime<Utc>) -> AnyView {
    let at = at.timestamp_millis();
    html! { <time datetime=time::iso(at)>{time::stamp(at)}</time> }
}

/// A word in the colour of a state: `ok`, `run`, `warn`, `bad`, `wait`, `idle`.
pub(super) fn pill(word: impl Into<String>, tone: &'static str) -> AnyView {
    html! { <span class=format!("pill {tone}")>{word.into()}</span> }
}

/// A table that scrolls by itself where it is too wide; a heading that begins with `>` is of numbers.
pub(super) fn table(label: &'static str, headings: &[&'static str], rows: Vec<AnyView>) -> AnyView {
    let headings = headings
        .iter()
        .map(|heading| match heading.strip_prefix('>') {
            Some(heading) => html! { <th scope="col" class="r">{heading}</th> },
            None => html! { <th scope="col">{*heading}</th> },
        })
        .collect_view();
    html! {
        <div class="card table-frame" role="region" aria-label=label tabindex="0">
            <table>
                <thead>
                    <tr>{headings}</tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

/// A table of things, each of which becomes a card on a phone: there its cells say what they are. The first cell of a
/// row names the thing; a heading that begins with `>` is of numbers, one that is empty of what can be done.
pub(super) fn records(label: &'static str, headings: &[&'static str], rows: Vec<Vec<AnyView>>) -> AnyView {
    let word = |heading: &'static str| heading.trim_start_matches('>');
    let side = |heading: &'static str| (heading.starts_with('>') || heading.is_empty()).then_some("r");
    let head = headings
        .iter()
        .map(|heading| html! { <th role="columnheader" scope="col" class=side(heading)>{word(heading)}</th> })
        .collect_view();
    let one = |cells: Vec<AnyView>| {
        let mut cells = cells.into_iter().zip(headings);
        let name = cells
            .next()
            .map(|(name, _)| html! { <th role="rowheader" scope="row">{name}</th> });
        let rest = cells
            .map(|(cell, heading)| html! { <td role="cell" class=side(heading) data-label=word(heading)>{cell}</td> })
            .collect_view();
        html! { <tr role="row">{name} {rest}</tr> }
    };
    let rows = rows.into_iter().map(one).collect_view();
    html! {
        <div class="card table-frame records" role="region" aria-label=label tabindex="0">
            <table role="table" aria-label=label>
                <thead role="rowgroup">
                    <tr role="row">{head}</tr>
                </thead>
                <tbody role="rowgroup">{rows}</tbody>
            </table>
        </div>
    }
}

/// Where a form says why it was refused.
pub(super) fn refusal() -> AnyView {
    html! { <p class="refusal refused-line" role="alert"></p> }
}

/// A number of bytes as people read it.
pub(super) fn bytes(count: i64) -> String {
    match count as f64 {
        count if count < 1024.0 => format!("{count:.0} B"),
        count if count < 1_048_576.0 => format!("{:.1} KiB", count / 1024.0),
        count if count < 1_073_741_824.0 => format!("{:.1} MiB", count / 1_048_576.0),
        count => format!("{:.1} GiB", count / 1_073_741_824.0),
    }
}
