//! What a run waits for, and the buttons with which a person decides.

use super::{Ago, Icon, toast_outcome};
use crate::Boot;
use crate::api::ApproveStep;
use crate::views::WaitView;
use domain::Role;
use leptos::{form::ActionForm, prelude::*};

/// The question, who may answer it, and the answer as a form that works before its script.
#[component]
pub(crate) fn WaitPanel(
    /// The run.
    run_id: String,
    /// What it waits for.
    wait: WaitView,
) -> impl IntoView {
    let needed = wait.role.as_deref().and_then(|role| role.parse::<Role>().ok());
    let mine = use_context::<Boot>()
        .and_then(|boot| boot.viewer)
        .map(|viewer| viewer.role);
    let decision = needed.map(|needed| {
        if mine.is_some_and(|mine| mine.reaches(needed)) {
            html! { <Decide run_id=run_id step=wait.step /> }.into_any()
        } else {
            html! {
                <p class="note">{format!("You may look on; to decide, ask somebody with the role {needed}.")}</p>
                <div class="row">
                    <button class="btn" disabled>"Approve"</button>
                    <button class="btn" disabled>"Reject"</button>
                </div>
            }
            .into_any()
        }
    });
    html! {
        <section class="card waiting open" aria-label="What it waits for">
            <Icon name="waiting" />
            <div>
                <p class="strong">{wait.title} " " <Ago at=wait.opened_at /></p>
                <p>{wait.message}</p>
                <p class="note">{wait.rule}</p>
                {wait.run.map(|run| html! { <p><a href=format!("/runs/{run}")><code>{run.clone()}</code></a></p> })}
                {decision}
            </div>
        </section>
    }
}

/// Approve or reject, with a note.
#[component]
fn Decide(
    /// The run.
    run_id: String,
    /// The step that waits.
    step: String,
) -> impl IntoView {
    let approve = ServerAction::<ApproveStep>::new();
    toast_outcome(approve, "Your decision stands.");
    html! {
        <ActionForm action=approve>
            <input type="hidden" name="run_id" value=run_id />
            <input type="hidden" name="step" value=step />
            <label class="field">
                <span>"Note, for the others"</span>
                <input type="text" name="note" maxlength="2000" autocomplete="off" />
            </label>
            <div class="row">
                <button class="btn primary" name="decision" value="approve" disabled=approve.pending()>
                    <Icon name="check" />
                    "Approve"
                </button>
                <button class="btn danger" name="decision" value="reject" disabled=approve.pending()>
                    <Icon name="cross" />
                    "Reject"
                </button>
            </div>
        </ActionForm>
    }
}
