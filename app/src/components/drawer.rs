//! The selected run beside the board.

use super::{CopyId, Heartbeat, Icon, LogView, RerunButton, StatusPill, Ticking, Waterfall};
use crate::Boot;
use crate::components::late::{piece, text};
use crate::components::run_card::CancelTarget;
use crate::live::run::RunStore;
use crate::views::RunPageView;
use leptos::prelude::*;

/// Last lines, steps, open, cancel, rerun.
#[component]
pub(crate) fn Drawer(
    /// The run.
    page: RunPageView,
) -> impl IntoView {
    let plan = page.plan.clone();
    let store = RunStore::new(page);
    Effect::new(move || store.watch());
    let run = store.run;
    let id = run.read_untracked().id.clone();
    let may_manage = use_context::<Boot>().is_some_and(|boot| {
        let run = run.read_untracked();
        boot.may_manage(&run.requested_by)
    });
    let target = use_context::<CancelTarget>();
    let cancel_link = format!("/runs/{id}?ask=cancel");
    let is_final = Memo::new(move |_| run.read().status.is_final());
    let ask = move |event: leptos::ev::MouseEvent| {
        if let Some(CancelTarget(target)) = target {
            event.prevent_default();
            target.set(Some(run.get_untracked()));
        }
    };
    html! {
        <aside class="card drawer" aria-label="Selected run">
            <header>
                <div class="row">
                    <h2 class="cut" title=text(move || run.read().title.clone())>
                        {text(move || run.read().title.clone())}
                    </h2>
                    <StatusPill run=run />
                    <span class="grow"></span>
                    <a class="btn quiet icon-only" href="/" data-noscroll="true" prop:replace=true aria-label="Close" title="Close">
                        <Icon name="cross" />
                    </a>
                </div>
                <CopyId id=id.clone() />
                <p class="facts">
                    {piece(move || {
                        { let run = run.read(); run.worker.clone().filter(|_| !run.status.is_final()) }
                            .map(|worker| {
                                let beat = Signal::derive(move || { let run = run.read(); run.heartbeat_at.zip(run.expires_at) });
                                html! { <Heartbeat beat=beat in_words=true /> <span>{worker}</span> }
                            })
                    })}
                    <span>{text(move || { let run = run.read(); format!("attempt {} of {}", run.attempt.max(1), run.max_attempts + run.crash_count) })}</span>
                    {piece(move || {
                        (!is_final.get())
                            .then(|| html! { <Ticking since=Signal::derive(move || { let run = run.read(); run.started_at.or(Some(run.queued_at)) }) /> })
                    })}
                </p>
                {piece(move || {
                    run.read().error.clone()
                        .map(|error| html! { <p class="bad-ink small">{error.message}</p> })
                })}
            </header>
            <Waterfall detail=store.detail plan=plan brief=true />
            <LogView log=store.log link=format!("/runs/{id}?tab=logs&amp;line=") />
            <div class="foot">
                <a class="btn primary" href=format!("/runs/{id}")>"Open run"</a>
                {may_manage.then(|| html! { <RerunButton run_id=id.clone() /> })}
                <span class="grow"></span>
                {may_manage
                    .then(|| {
                        html! {
                            <a class="btn danger" role="button" class:gone=is_final href=cancel_link on:click=ask>
                                "Cancel run"
                            </a>
                        }
                    })}
            </div>
        </aside>
    }
}
