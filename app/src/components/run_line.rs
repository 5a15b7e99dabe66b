//! Queued and ended runs on the board, one line each.

use super::{Icon, Ticking, Took};
use crate::components::late::{piece, text};
use crate::now::use_now;
use crate::state::RunState;
use crate::time;
use crate::views::RunView;
use leptos::prelude::*;

/// A run that waits.
#[component]
pub(crate) fn QueuedLine(
    /// The run.
    run: ArcRwSignal<RunView>,
) -> impl IntoView {
    let now = use_now();
    let run = RwSignal::from(run);
    let id = run.read_untracked().id.clone();
    // A run put off waits since it became due, any other since it was queued.
    let since = Signal::derive(move || {
        let run = run.read();
        Some(run.run_after.unwrap_or(run.queued_at))
    });
    let when = piece(move || {
        let due = run.read().run_after.filter(|due| *due > now.get());
        match due {
            Some(due) => html! { <span title=time::stamp(due)>{time::ago(now.get() - due)}</span> },
            None => html! { <Ticking since=since /> },
        }
    });
    html! {
        <a class="q" href=format!("/?run={id}") data-noscroll="true" prop:replace=true>
            <b title=text(move || run.read().title.clone())>{text(move || run.read().title.clone())}</b>
            <span class="grow"></span>
            {when}
        </a>
    }
}

/// A run that ended.
#[component]
pub(crate) fn FinishedLine(
    /// The run.
    run: ArcRwSignal<RunView>,
) -> impl IntoView {
    let run = RwSignal::from(run);
    let id = run.read_untracked().id.clone();
    // An ended run never looks another way, whatever the time.
    let state = Memo::new(move |_| {
        let run = run.read();
        RunState::of(&run, 0)
    });
    html! {
        <a class="ended" href=format!("/?run={id}") data-noscroll="true" prop:replace=true>
            <span class=text(move || format!("{}-ink", state.get().tone()))>
                <Icon name=Signal::derive(move || state.get().icon()) />
                <span class="sr">{text(move || state.get().word())}</span>
            </span>
            <b title=text(move || run.read().title.clone())>{text(move || run.read().title.clone())}</b>
            <span class="grow"></span>
            <span>
                <Took
                    from=Signal::derive(move || { let run = run.read(); run.started_at.or(run.finished_at) })
                    to=Signal::derive(move || run.read().finished_at)
                />
            </span>
        </a>
    }
}
