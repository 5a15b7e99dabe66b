//! `/workers`: who works, and how fresh their heartbeat is.

use crate::api::read_workers;
use crate::components::late::{loaded, piece, rows, text};
use crate::components::{Ago, Empty, ErrorPanel, Heartbeat, PageHead, Ticking};
use crate::live::hub::watch;
use crate::live::wire::LiveEvent;
use crate::now::use_now;
use crate::state::Pulse;
use crate::views::{Sent, WorkerView};
use leptos::prelude::*;
use leptos_meta::Title;

/// The page.
#[component]
pub(crate) fn WorkersPage() -> impl IntoView {
    let workers = Resource::new(|| (), |()| read_workers());
    html! {
        <Title text="Workers" />
        <PageHead title="Workers" live=true />
        <div class="page">
            {loaded(move || async move {
                    match workers.await {
                        Ok(Sent(workers)) => html! { <WorkerTable workers=workers /> },
                        Err(error) => html! { <ErrorPanel error=error /> },
                    }
                })}
        </div>
    }
}

/// One row per worker, freshest first.
#[component]
fn WorkerTable(
    /// What the server read.
    workers: Vec<WorkerView>,
) -> impl IntoView {
    let workers = RwSignal::new(workers);
    Effect::new(move || {
        watch("board".to_owned(), move |event| {
            if let LiveEvent::Worker(changed) = event {
                workers.set(changed.rows.clone());
            }
        });
    });
    let ids = Memo::new(move |_| {
        workers
            .read()
            .iter()
            .map(|worker| worker.id.clone())
            .collect::<Vec<_>>()
    });
    html! {
        <Show
            when=move || { let ids = ids.read(); !ids.is_empty() }
            fallback=|| html! { <Empty title="No worker has registered." hint="Start one with runboard-worker; it appears here within seconds." /> }
        >
            <div class="card table-frame" role="region" aria-label="Workers" tabindex="0">
                <table>
                    <thead>
                        <tr>
                            <th scope="col">"Worker"</th>
                            <th scope="col">"State"</th>
                            <th scope="col">"Heartbeat"</th>
                            <th scope="col">"Lanes"</th>
                            <th scope="col">"Kinds"</th>
                            <th scope="col" class="r">"Running"</th>
                            <th scope="col">"Last claim"</th>
                            <th scope="col">"Up for"</th>
                            <th scope="col">"Version"</th>
                        </tr>
                    </thead>
                    <tbody>
                        {rows(move || ids.get(), String::clone, move |id| html! { <WorkerRow id=id workers=workers /> })}
                    </tbody>
                </table>
            </div>
        </Show>
    }
}

/// One worker.
#[component]
fn WorkerRow(
    /// Its id.
    id: String,
    /// All of them.
    workers: RwSignal<Vec<WorkerView>>,
) -> impl IntoView {
    let now = use_now();
    let first = workers.read_untracked().iter().find(|worker| worker.id == id).cloned();
    first.map(|first| {
        let fixed = first.clone();
        let worker = Memo::new(move |_| {
            workers.read().iter().find(|worker| worker.id == id).cloned()
                .unwrap_or_else(|| first.clone())
        });
        let state = Memo::new(move |_| state(&worker.read(), now.get()));
        let beat = Signal::derive(move || {
            { let worker = worker.read(); {
                worker
                    .stopped_at
                    .is_none()
                    .then_some((worker.heartbeat_at, worker.expires_at))
            } }
        });
        html! {
            <tr>
                <th scope="row">
                    {fixed.name}
                    <span class="note">" " {fixed.host} ", pid " {fixed.pid}</span>
                </th>
                <td><span class=text(move || format!("pill {}", state.get().1))>{text(move || state.get().0)}</span></td>
                <td>
                    {piece(move || match beat.get() {
                        Some(_) => html! { <Heartbeat beat=beat in_words=true /> },
                        None => html! { <span class="note">"stopped"</span> },
                    })}
                </td>
                <td>{fixed.lanes.join(" ")}</td>
                <td>{fixed.kinds.join(", ")}</td>
                <td class="r">{text(move || { let worker = worker.read(); format!("{} of {}", worker.running, worker.slots) })}</td>
                <td>
                    {piece(move || match worker.read().last_claim_at {
                        Some(at) => html! { <Ago at=at /> },
                        None => "never".into_any(),
                    })}
                </td>
                <td><Ticking since=Signal::stored(Some(fixed.started_at)) /></td>
                <td>{fixed.version}</td>
            </tr>
        }
    })
}

fn state(worker: &WorkerView, now: i64) -> (&'static str, &'static str) {
    match Pulse::of(worker.heartbeat_at, worker.expires_at, now) {
        _ if worker.stopped_at.is_some() => ("stopped", "idle"),
        Pulse::Dead => ("silent", "bad"),
        _ if worker.draining_at.is_some() => ("draining", "warn"),
        Pulse::Late => ("late", "warn"),
        Pulse::Fresh => ("fresh", "ok"),
    }
}
