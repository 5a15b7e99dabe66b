//! A running run on the board.

use super::{Heartbeat, Icon, StepBar, Ticking};
use crate::Boot;
use crate::components::late::{flag, maybe, piece, text};
use crate::now::use_now;
use crate::state::RunState;
use crate::views::RunView;
use domain::RunStatus;
use leptos::prelude::*;

/// Which run a person wants to cancel; the board has one dialog for all cards.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CancelTarget(pub(crate) RwSignal<Option<RunView>>);

/// Title, steps, who, how long, heartbeat; the whole card selects.
#[component]
pub(crate) fn RunCard(
    /// The run.
    run: ArcRwSignal<RunView>,
    /// Which run the drawer shows.
    #[prop(into)]
    selected: Signal<Option<String>>,
) -> impl IntoView {
    let id = run.read_untracked().id.clone();
    let may_cancel = use_context::<Boot>().is_some_and(|boot| {
        let run = run.read_untracked();
        boot.may_manage(&run.requested_by)
    });
    let target = use_context::<CancelTarget>();
    let now = use_now();
    let run = RwSignal::from(run);
    let is_selected = {
        let id = id.clone();
        Memo::new(move |_| selected.read().as_deref() == Some(id.as_str()))
    };
    let state = Memo::new(move |_| {
        let run = run.read();
        RunState::of(&run, now.get())
    });
    let beat = Signal::derive(move || {
        let run = run.read();
        run.heartbeat_at.zip(run.expires_at)
    });
    let who = text(move || {
        let run = run.read();
        run.current_step.clone().unwrap_or_else(|| run.requested_by.clone())
    });
    let ask = move |event: leptos::ev::MouseEvent| {
        if let Some(CancelTarget(target)) = target {
            event.prevent_default();
            event.stop_propagation();
            target.set(Some(run.get_untracked()));
        }
    };
    html! {
        <article class="rc" class:sel=is_selected data-run=id.clone()>
            <div class="rc-title">
                <Heartbeat beat=beat />
                <h3>
                    <a
                        href=format!("/?run={id}")
                        data-noscroll="true"
                        prop:replace=true
                        aria-current=maybe(move || is_selected.get().then_some("true"))
                        title=text(move || { let run = run.read(); format!("{}, {}", run.title, run.id) })
                    >
                        {text(move || run.read().title.clone())}
                    </a>
                </h3>
                {may_cancel
                    .then(|| {
                        html! {
                            <a
                                class="btn quiet icon-only"
                                role="button"
                                href=format!("/runs/{id}?ask=cancel")
                                aria-label=text(move || { let run = run.read(); format!("Cancel {}", run.title) })
                                title="Cancel"
                                class:gone=flag(move || !matches!(run.read().status, RunStatus::Running | RunStatus::Waiting))
                                on:click=ask
                            >
                                <Icon name="cross" />
                            </a>
                        }
                    })}
            </div>
            <StepBar run=run />
            <div class="meta">
                <span>{text(move || { let run = run.read(); format!("{}/{}", run.steps_done, run.steps_total) })}</span>
                {piece(move || {
                    (state.get() != RunState::Running)
                        .then(|| html! { <span class=format!("word {}-ink", state.get().tone())>{state.get().word()}</span> })
                })}
                <span class="cut" title=who>{who}</span>
                <span class="grow"></span>
                <Ticking since=Signal::derive(move || run.read().started_at) />
            </div>
        </article>
    }
}
