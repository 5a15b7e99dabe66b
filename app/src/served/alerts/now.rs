//! What is wrong now, and what was lately.

use super::{channels, rules, severity};
use crate::api::PageError;
use crate::components::Empty;
use crate::served::{
    Ask, Page,
    parts::{ago, lasting, records},
};
use crate::time;
use domain::Permission;
use leptos::prelude::*;
use runs::alerts::{self, AlertRow};

/// Open alerts shown; more of them say no more.
const OPEN: i64 = 200;
/// Alerts that are over, on one page.
const OVER: i64 = 30;

/// The page.
pub(super) async fn page(ask: &Ask) -> Result<Page, PageError> {
    let before = ask.query("before").and_then(|before| before.parse().ok());
    let mut tx = ask.services.begin(&ask.claims).await?;
    let open = alerts::list(&mut tx, Some(true), None, OPEN).await?;
    let over = alerts::list(&mut tx, Some(false), before, OVER).await?;
    let rules = alerts::rules(&mut tx).await?;
    let rules_off = rules.iter().filter(|rule| !rule.enabled).count();
    let is_admin = ask.may(Permission::Administer);
    let channels = if is_admin {
        channels::list(&mut tx).await?
    } else {
        html! { <p class="note">"Admins choose who hears of alerts."</p> }
    };
    drop(tx);
    let title = match open.len() {
        0 => "Alerts".to_owned(),
        count => format!("Alerts, {count} open"),
    };
    let body = html! {
        <h2>"Wrong now"</h2>
        {now(open, rules_off)}
        <h2>"Over"</h2>
        {lately(ask, over)}
        <h2 id="rules">"Rules"</h2>
        {rules::list(rules, is_admin)}
        <h2 id="channels">"Channels"</h2>
        {channels}
    };
    let page = Page::new(ask, title, body).fresh(5);
    Ok(if is_admin {
        page.actions(html! { <a class="btn primary" href="/alerts/channels/new">"New channel"</a> })
    } else {
        page
    })
}

fn now(open: Vec<AlertRow>, rules_off: usize) -> AnyView {
    if open.is_empty() {
        let hint = match rules_off {
            0 => "Every rule is watched, every five seconds.",
            _ => "Some rules are switched off and see nothing: look below.",
        };
        return html! { <div class="card"><Empty title="Nothing is wrong." hint=hint /></div> };
    }
    let row = |alert: AlertRow| {
        let place = place(&alert);
        html! {
            <li>
                {severity(&alert.severity)}
                <div class="grow wide-text">
                    <p class="strong">{alert.message}</p>
                    <p class="note">{alert.hint}</p>
                </div>
                <span class="note">"for " {lasting(alert.opened_at)}</span>
                {place}
            </li>
        }
    };
    html! { <ul class="card rows alerts-now" aria-label="Wrong now">{open.into_iter().map(row).collect_view()}</ul> }
}

/// Where to look.
fn place(alert: &AlertRow) -> Option<AnyView> {
    let (href, words) = match (&alert.run_id, &alert.lane, alert.kind.as_str()) {
        (_, _, "no_worker") => ("/workers".to_owned(), "See the workers"),
        (Some(run_id), ..) => (format!("/runs/{run_id}"), "Open the run"),
        (_, Some(lane), _) => (format!("/runs?lane={lane}&status=queued"), "See what waits"),
        (.., "failure_rate" | "run_failed") => ("/runs?status=failed".to_owned(), "See what failed"),
        _ => return None,
    };
    Some(html! { <a class="btn sm" href=href>{words}</a> })
}

fn lately(ask: &Ask, over: Vec<AlertRow>) -> AnyView {
    if over.is_empty() {
        return html! { <p class="note">"Nothing was wrong before."</p> };
    }
    let older = over.last().filter(|_| over.len() as i64 == OVER);
    let older = older.map(|row| ask.address_with("before", Some(&row.alert_id.to_string())));
    let row = |alert: AlertRow| {
        let lasted = alert.resolved_at.map(|end| (end - alert.opened_at).num_milliseconds());
        let place = alert
            .run_id
            .map(|id| html! { <a href=format!("/runs/{id}")><code>{id.clone()}</code></a> });
        vec![
            html! { <p class="wide-text">{alert.message}</p> },
            severity(&alert.severity),
            place.into_any(),
            ago(alert.opened_at),
            lasted.map(time::span).into_any(),
        ]
    };
    let headings = ["What was wrong", "Severity", "Run", "Since", "Lasted"];
    html! {
        {records("Alerts that are over", &headings, over.into_iter().map(row).collect())}
        <nav class="row pager" aria-label="Pages">
            {ask.query("before").map(|_| html! { <a class="btn" href=ask.address_with("before", None)>"Newest"</a> })}
            <span class="grow"></span>
            {older.map(|href| html! { <a class="btn" href=href rel="next">"Older"</a> })}
        </nav>
    }
}
