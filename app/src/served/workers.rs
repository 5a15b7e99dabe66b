//! `/workers`: who works, and how fresh their heartbeat is.

use super::{
    Ask, Page,
    parts::{ago, lasting, pill, refusal, table},
};
use crate::api::PageError;
use crate::components::Empty;
use crate::state::Pulse;
use crate::views::WorkerView;
use db::reads::WorkerRow;
use domain::Permission;
use leptos::prelude::*;

/// The page.
pub(super) async fn page(ask: &Ask) -> Result<Page, PageError> {
    let mut tx = ask.services.begin(&ask.claims).await?;
    let workers = runs::read::workers(&mut tx).await?;
    let may_drain = ask.may(Permission::ManageRuns);
    let body = if workers.is_empty() {
        html! { <Empty title="No worker has registered." hint="Start one with runboard-worker; it appears here within seconds." /> }
    } else {
        let rows = workers
            .into_iter()
            .map(|worker| row(worker, ask.now(), may_drain))
            .collect();
        let headings = [
            "Worker",
            "State",
            "Heartbeat",
            "Lanes",
            "Kinds",
            ">Running",
            "Last claim",
            "Up for",
            "Version",
            "",
        ];
        table("Workers", &headings, rows)
    };
    Ok(Page::new(ask, "Workers", body).fresh(5))
}

/// One worker.
fn row(worker: WorkerRow, now: i64, may_drain: bool) -> AnyView {
    let started_at = worker.started_at;
    let last_claim = worker.last_claim_at.map_or_else(|| "never".into_any(), ago);
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
    let drain = (may_drain && is_on && worker.draining_at.is_none()).then(|| drain(&worker));
    html! {
        <tr>
            <th scope="row">
                {worker.name} <span class="note">" " {worker.host} ", pid " {worker.pid}</span>
            </th>
            <td>{pill(word, tone)}</td>
            <td>{if worker.stopped_at.is_none() { beat(worker.heartbeat_at, pulse) } else { "off".into_any() }}</td>
            <td>{worker.lanes.join(" ")}</td>
            <td class="wrap">{worker.kinds.join(", ")}</td>
            <td class="r">{format!("{} of {}", worker.running, worker.slots)}</td>
            <td>{last_claim}</td>
            <td>{if is_on { lasting(started_at) } else { "–".into_any() }}</td>
            <td>{worker.version}</td>
            <td class="r">{drain}</td>
        </tr>
    }
}

fn beat(at: i64, pulse: Pulse) -> AnyView {
    let class = match pulse {
        Pulse::Fresh => "pulse",
        Pulse::Late => "pulse late",
        Pulse::Dead => "pulse dead",
    };
    let at = chrono::DateTime::from_timestamp_millis(at).unwrap_or_default();
    html! { <span class="beat"><i class=class aria-hidden="true"></i> {ago(at)}</span> }
}

/// Asks once more: a drained worker stays drained until it is started again.
fn drain(worker: &WorkerView) -> AnyView {
    let id = format!("drain-{}", worker.id);
    html! {
        <button type="button" class="btn sm" id=format!("{id}-open") popovertarget=id.clone() aria-label=format!("Drain {}", worker.name)>
            "Drain"
        </button>
        <div popover="auto" id=id class="dialog ask" role="dialog" aria-label=format!("Drain {}", worker.name)>
            <form method="post" action="/fn/drain_worker" data-done="The worker takes no more runs.">
                <p class="strong">{format!("Drain {}?", worker.name)}</p>
                <p class="note">"It finishes what it holds and takes no more. To let it work again, start it again."</p>
                {refusal()}
                <input type="hidden" name="worker_id" value=worker.id.clone() />
                <button class="btn primary">"Drain worker"</button>
            </form>
        </div>
    }
}
