//! What must be seen before anything else.

use super::Icon;
use crate::components::late::{piece, text};
use crate::live::hub::use_live;
use crate::views::{StripView, WorkerView};
use leptos::prelude::*;

/// Work waits and no worker lives: the likely cause and the command that helps.
#[component]
pub(crate) fn StalledBanner(
    /// Numbers of the board.
    #[prop(into)]
    strip: Signal<StripView>,
    /// Workers.
    #[prop(into)]
    workers: Signal<Vec<WorkerView>>,
) -> impl IntoView {
    let stalled = Memo::new(move |_| {
        let strip = strip.read();
        strip.queued > 0 && strip.workers_fresh == 0
    });
    let cause = text(move || {
        let workers = workers.read();
        {
            let newest = workers.iter().max_by_key(|worker| worker.heartbeat_at);
            match newest {
                None => "No worker has ever registered.".to_owned(),
                Some(worker) if worker.stopped_at.is_some() => format!("{} was stopped.", worker.name),
                Some(worker) if worker.draining_at.is_some() => {
                    format!("{} was drained and takes no more runs.", worker.name)
                }
                Some(worker) => format!(
                    "{} on {} fell silent without stopping in order.",
                    worker.name, worker.host
                ),
            }
        }
    });
    piece(move || {
        stalled.get().then(|| {
            html! {
                <div class="stalled" role="alert">
                    <Icon name="warn" />
                    <div>
                        <p class="strong">
                            {text(move || format!("Stalled: {} waiting and no worker alive.", strip.read().queued))}
                        </p>
                        <p>{cause} " Start one with " <code>"runboard-worker"</code> ", or see the " <a href="/workers">"workers"</a> "."</p>
                    </div>
                </div>
            }
        })
    })
}

/// Another build answers now.
#[component]
pub(crate) fn OutdatedBar() -> impl IntoView {
    let live = use_live();
    piece(move || {
        live.outdated.get().then(|| {
            html! {
                <div class="outdated" role="status">
                    "A newer version of Runboard is running. "
                    <button type="button" class="btn sm" on:click=|_| { let _ = window().location().reload(); }>
                        "Load it"
                    </button>
                </div>
            }
        })
    })
}
