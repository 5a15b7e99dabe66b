//! What one can do with a run: cancel it in three honest states, start it again.

use crate::Boot;
use crate::components::late::{flag, piece, text};
use crate::components::{CancelDialog, Icon, RerunButton};
use crate::live::run::RunStore;
use crate::now::use_now;
use crate::time;
use domain::RunStatus;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// The buttons, for who may manage the run.
#[component]
pub(crate) fn RunActions(
    /// The run.
    store: RunStore,
) -> impl IntoView {
    let run = store.run;
    let now = use_now();
    let may = use_context::<Boot>().is_some_and(|boot| {
        let run = run.read_untracked();
        boot.may_manage(&run.requested_by)
    });
    let id = run.read_untracked().id.clone();
    let grace_ms = store.page.with_value(|page| page.grace_ms);
    let asked_at = Memo::new(move |_| {
        let run = run.read();
        run.cancel_requested_at.filter(|_| !run.status.is_final())
    });
    let is_final = Memo::new(move |_| run.read().status.is_final());
    let may_force = Signal::derive(move || asked_at.get().is_some_and(|at| now.get() - at > grace_ms));
    let may_ask = move || !is_final.get() && (asked_at.get().is_none() || may_force.get());
    let asks = use_query_map().with_untracked(|query| query.get("ask").is_some());
    let target = RwSignal::new((asks && may && untrack(may_ask)).then(|| run.get_untracked()));
    let opens = target.read_untracked().is_some();
    let ask = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        event.stop_propagation();
        target.set(Some(run.get_untracked()));
    };
    let cancel_link = format!("/runs/{id}?ask=cancel");
    may.then(|| {
        html! {
            {piece(move || {
                asked_at
                    .get()
                    .map(|at| {
                        html! {
                            <span class="warn-ink row tight" role="status">
                                <Icon name="stopping" />
                                {text(move || match now.get() - at {
                                    age if age > grace_ms => format!("Stopping since {}; its worker does not obey", time::ticking(age)),
                                    age => format!("Stopping since {}; may be forced in {}", time::ticking(age), time::ticking(grace_ms - age + 999)),
                                })}
                            </span>
                        }
                    })
            })}
            {piece(move || {
                let run = run.read();
                let failed = run.error.clone().filter(|_| run.status == RunStatus::Failed);
                failed
                    .and_then(|error| error.step)
                    // Nothing stands before the first step: that is the start.
                    .filter(|step| store.page.with_value(|page| page.plan.first().is_some_and(|first| first.id != *step)))
                    .map(|step| html! { <RerunButton run_id=run.id.clone() from_step=step /> })
            })}
            <RerunButton run_id=id.clone() />
            <a class="btn" href=format!("/runs/{id}/rerun") data-hot="e" title="Rerun with other parameters (e)">"Edit and rerun"</a>
            <a
                class="btn danger"
                role="button"
                data-key="cancel"
                title="Cancel (c)"
                href=cancel_link
                class:gone=flag(move || !may_ask())
                on:click=ask
            >
                {text(move || if may_force.get() { "Force: mark canceled" } else { "Cancel run" })}
            </a>
            <CancelDialog target=target open=opens force=may_force />
        }
    })
}
