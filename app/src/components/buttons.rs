//! Buttons that more than one page has.

use super::{Icon, Toasts, toast_outcome, use_toasts};
use crate::api::RerunRun;
use leptos::{form::ActionForm, prelude::*};

/// Copies a text, where the browser lets a page do that: without a secure origin there is no clipboard.
pub(super) fn copy(text: &str, toasts: Toasts) {
    if window().is_secure_context() {
        let _ = window().navigator().clipboard().write_text(text);
        toasts.say("Copied.");
    } else {
        toasts.say("This address is not secure, so the browser lets no page copy. Select the text instead.");
    }
}

/// A run id, small, monospace, copied by a press.
#[component]
pub(crate) fn CopyId(
    /// The id.
    id: String,
) -> impl IntoView {
    let toasts = use_toasts();
    let copied = {
        let id = id.clone();
        move |_| copy(&id, toasts)
    };
    html! {
        <span class="copy-id">
            <code>{id}</code>
            <button type="button" class="btn quiet icon-only" aria-label="Copy the run id" title="Copy" on:click=copied>
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
    let hot = from_step.is_none().then_some("r");
    html! {
        <ActionForm action=rerun>
            <input type="hidden" name="run_id" value=run_id />
            {from_step.map(|step| html! { <input type="hidden" name="from_step" value=step /> })}
            <button class="btn" data-hot=hot disabled=rerun.pending()>
                <Icon name="retry" />
                {label}
            </button>
        </ActionForm>
    }
}
