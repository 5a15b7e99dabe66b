//! Asks before a run is canceled.

use super::{Icon, use_toasts};
use crate::api::CancelRun;
use crate::components::late::{piece, text};
use crate::views::RunView;
use domain::RunStatus;
use leptos::{form::ActionForm, html, prelude::*};

/// A modal dialog that opens while `target` names a run.
#[component]
pub(crate) fn CancelDialog(
    /// The run to cancel.
    target: RwSignal<Option<RunView>>,
    /// Whether the page without wasm shows it at once.
    #[prop(optional)]
    open: bool,
    /// Ends a run whose worker did not obey.
    #[prop(optional, into)]
    force: Signal<bool>,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let cancel = ServerAction::<CancelRun>::new();
    let toasts = use_toasts();
    Effect::new(move |_| {
        if let Some(dialog) = dialog.get() {
            if target.read().is_none() {
                dialog.close();
            } else if !dialog.open() {
                let _ = dialog.show_modal();
            }
        }
    });
    Effect::new(move |_| {
        cancel.value().with(|value| match value {
            Some(Ok(outcome)) => {
                toasts.say(in_words(outcome));
                target.set(None);
            }
            Some(Err(error)) => {
                toasts.complain(error);
                target.set(None);
            }
            None => {}
        });
    });
    let title = move || {
        let run = target.read();
        run.as_ref().map(|run| run.title.clone()).unwrap_or_default()
    };
    let what = move || {
        let run = target.read();
        match &*run {
            _ if force.get() => {
                "Its worker has not answered. The run is marked canceled now; if the worker still lives, what it does \
                 outside is not undone, and it can write nothing more."
            }
            Some(run) if run.status == RunStatus::Running => {
                "Its worker stops the present step at the next heartbeat. What is done stays done; logs and artifacts are kept."
            }
            Some(run) if run.status == RunStatus::Waiting => "It ends at once; nobody decides about it any more.",
            _ => "It has not begun and will not.",
        }
    };
    html! {
        <dialog class="dialog" node_ref=dialog open=open aria-labelledby="cancel-title" on:close=move |_| target.set(None)>
            <ActionForm action=cancel>
                <h2 id="cancel-title">{text(move || if force.get() { "Mark it canceled?" } else { "Cancel this run?" })}</h2>
                <p class="strong">{title}</p>
                <p>{what}</p>
                <input
                    type="hidden"
                    name="run_id"
                    prop:value=text(move || { let run = target.read(); run.as_ref().map(|run| run.id.clone()).unwrap_or_default() })
                    value={ let run = target.read_untracked(); run.as_ref().map(|run| run.id.clone()).unwrap_or_default() }
                />
                {piece(move || force.get().then(|| html! { <input type="hidden" name="force" value="true" /> }))}
                <label class="field">
                    <span>"Reason, for the others"</span>
                    <input type="text" name="reason" maxlength="200" autocomplete="off" />
                </label>
                <div class="row end">
                    <button type="button" class="btn" on:click=move |_| target.set(None)>"Keep it"</button>
                    <button class="btn danger" disabled=cancel.pending()>
                        <Icon name="canceled" />
                        {text(move || if force.get() { "Mark canceled" } else { "Cancel run" })}
                    </button>
                </div>
            </ActionForm>
        </dialog>
    }
}

fn in_words(outcome: &str) -> &'static str {
    match outcome {
        "canceled" => "The run is canceled.",
        "requested" => "Its worker was told to stop.",
        _ => "The run had already ended.",
    }
}
