//! `/workers`: who works, and how fresh their heartbeat is.

use super::{
    Ask, Page,
    dialog::{Dialog, hidden},
    parts::{ago, bytes, lasting, pill, records, refusal},
};
use crate::api::PageError;
use crate::components::Empty;
use crate::state::Pulse;
use crate::views::WorkerView;
use chrono::{DateTime, Utc};
use db::reads::WorkerRow;
use domain::Permission;
use leptos::prelude::*;
use std::collections::HashMap;
use uuid::Uuid;

const HEADINGS: [&str; 11] = [
    "Worker",
    "State",
    "Heartbeat",
    "Lanes",
    "Kinds",
    ">Running",
    ">Failed, 1 h",
    "Last claim",
    "Up for",
    ">Memory",
    "",
];

/// The page. Those that stopped in order are folded away; `?stopped` shows them.
pub(super) async fn page(ask: &Ask) -> Result<Page, PageError> {
    let mut tx = ask.services.begin(&ask.claims).await?;
    let workers = runs::read::workers(&mut tx).await?;
    let failed: HashMap<Uuid, i64> = runs::read::worker_failures(&mut tx).await?.into_iter().collect();
    let may_drain = ask.may(Permission::ManageRuns);
    let shows_stopped = ask.query("stopped").is_some();
    let (stopped, here): (Vec<_>, Vec<_>) = workers.into_iter().partition(|worker| worker.stopped_at.is_some());
    let folded = fold(ask, stopped.len(), shows_stopped);
    let shown: Vec<_> = if shows_stopped {
        here.into_iter().chain(stopped).collect()
    } else {
        here
    };
    let list = if shown.is_empty() {
        html! { <Empty title="No worker is here." hint="Start one with runboard-worker; it appears here within seconds." /> }
    } else {
        let rows = shown
            .into_iter()
            .map(|worker| {
                let failed = failed.get(&worker.worker_id).copied().unwrap_or_default();
                row(worker, failed, ask.now(), may_drain)
            })
            .collect();
        records("Workers", &HEADINGS, rows)
    };
    Ok(Page::new(ask, "Workers", html! { {list} {folded} }).fresh(5))
}

/// How many stopped in order, and the way to see them.
fn fold(ask: &Ask, stopped: usize, shown: bool) -> Option<AnyView> {
    let (href, words) = match (stopped, shown) {
        (0, _) => return None,
        (_, true) => (ask.address_with("stopped", None), "Hide them"),
        (_, false) => (ask.address_with("stopped", Some("yes")), "Show them"),
    };
    let what = match stopped {
        1 => "1 worker stopped in order".to_owned(),
        count => format!("{count} workers stopped in order"),
    };
    Some(html! {
        <p class="row bar">
            <span class="note">{what} " in the last 24 hours."</span>
            <a class="btn quiet sm" id="stopped" href=href>{words}</a>
        </p>
    })
}

/// One worker.
fn row(worker: WorkerRow, failed: i64, now: i64, may_drain: bool) -> Vec<AnyView> {
    let (started_at, expires_at) = (worker.started_at, worker.expires_at);
    let last_claim = worker.last_claim_at.map_or_else(|| "never".into_any(), ago);
    let memory = worker.memory_bytes;
    let worker = WorkerView::from(worker);
    let pulse = Pulse::of(worker.heartbeat_at, worker.expires_at, now);
    let (word, tone) = match pulse {
        _ if worker.stopped_at.is_some() => ("stopped", "idle"),
        Pulse::Dead => ("silent", "bad"),
        _ if worker.draining_at.is_some() => ("draining", "warn"),
        Pulse::Late => ("late", "warn"),
        Pulse::Fresh => ("fresh", "ok"),
    };
    let is_on = worker.stopped_at.is_none() && pulse != Pulse::Dead;
    let heartbeat = if worker.stopped_at.is_none() {
        beat(worker.heartbeat_at, expires_at, pulse)
    } else {
        "off".into_any()
    };
    let drain = (may_drain && is_on && worker.draining_at.is_none()).then(|| drain(&worker));
    let failed = match failed {
        0 => "0".into_any(),
        failed => html! { <span class="bad-ink strong">{failed}</span> },
    };
    vec![
        html! {
            {worker.name.clone()}
            <span class="note block">{worker.host.clone()} ", pid " {worker.pid} ", version " {worker.version.clone()}</span>
        },
        pill(word, tone),
        heartbeat,
        worker.lanes.join(" ").into_any(),
        html! { <span class="wrap">{worker.kinds.join(", ")}</span> },
        format!("{} of {}", worker.running, worker.slots).into_any(),
        failed,
        last_claim,
        if is_on { lasting(started_at) } else { "–".into_any() },
        memory
            .filter(|_| is_on)
            .map_or_else(|| "–".to_owned(), bytes)
            .into_any(),
        drain.into_any(),
    ]
}

/// When it was heard last, and when its runs are given to others if it is not heard again.
fn beat(at: i64, expires_at: DateTime<Utc>, pulse: Pulse) -> AnyView {
    let (class, words) = match pulse {
        Pulse::Fresh => ("pulse", "lease ends "),
        Pulse::Late => ("pulse late", "lease ends "),
        Pulse::Dead => ("pulse dead", "lease ended "),
    };
    let at = DateTime::from_timestamp_millis(at).unwrap_or_default();
    html! {
        <span class="beat"><i class=class aria-hidden="true"></i> {ago(at)}</span>
        <span class="note block">{words} {ago(expires_at)}</span>
    }
}

/// Asks once more: a drained worker stays drained until it is started again.
fn drain(worker: &WorkerView) -> AnyView {
    let body = html! {
        <form method="post" action="/fn/drain_worker" data-done="The worker takes no more runs.">
            <p class="note">"It finishes what it holds and takes no more. To let it work again, start it again."</p>
            {refusal()} {hidden("worker_id", worker.id.clone())}
            <button class="btn primary">"Drain worker"</button>
        </form>
    };
    let dialog = Dialog {
        id: format!("drain-{}", worker.id),
        button: "Drain",
        title: format!("Drain {}", worker.name),
        class: "sm",
    };
    dialog.draw(body)
}
