//! Buttons that more than one page has.

use super::{Icon, toast_outcome, use_toasts};
use crate::api::RerunRun;
use leptos::{form::ActionForm, prelude::*};

/// A run id, small, monospace, copied by a press.
#[component]
pub(crate) fn CopyId(
    /// The id.
    id: String,
) -> impl IntoView {
    let toasts = use_toasts();
    let copy = {
        let id = id.clone();
        move |_| {
            // Without a secure origin there is no clipboard; the text can still be selected.
            if window().is_secure_context() {
                let _ = window().navigator().clipboard().write_text(&id);
                toasts.say("Copied.");
            }
        }
    };
    html! {
        <span class="copy-id">
            <code>{id}</code>
            <button type="button" class="btn quiet icon-only" aria-label="Copy the run id" title="Copy" on:click=copy>
                <Icon name="copy" />
            </button>
        </span>
    }
}

/// Starts a run again with the same content and goes there.
#[component]
pub(crate) fn RerunButton(
    /// The run.
    run_id: String,
    /// A step to begin with; the steps before it keep their outcome.
    #[prop(optional)]
    from_step: Option<String>,
) -> impl IntoView {
    let rerun = ServerAction::<RerunRun>::new();
    toast_outcome(rerun, "A new run was started.");
    let label = match &from_step {
        Some(step) => format!("Rerun from {step}"),
        None => "Rerun".to_owned(),
    };
    html! {
        <ActionForm action=rerun>
            <input type="hidden" name="run_id" value=run_id />
            {from_step.map(|step| html! { <input type="hidden" name="from_step" value=step /> })}
            <button class="btn" disabled=rerun.pending()>
                <Icon name="retry" />
                {label}
            </button>
        </ActionForm>
    }
}
