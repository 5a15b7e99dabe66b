//! A button that asks once more before it does what cannot be taken back.

use super::parts::refusal;
use leptos::prelude::*;

/// The question and what follows from yes.
pub(super) struct Confirm {
    /// Id of the question, alone on its page.
    pub(super) id: String,
    /// Word on the button that opens the question, and on the one that answers it.
    pub(super) verb: &'static str,
    /// The question.
    pub(super) question: String,
    /// What will be so afterwards.
    pub(super) note: &'static str,
    /// The server function.
    pub(super) action: &'static str,
    /// The one thing it needs to know: name, value.
    pub(super) about: (&'static str, String),
    /// What is said when it worked.
    pub(super) done: &'static str,
}

impl Confirm {
    /// Button and question.
    pub(super) fn draw(self) -> AnyView {
        let (name, value) = self.about;
        html! {
            <button type="button" class="btn danger" id=format!("{}-open", self.id) popovertarget=self.id.clone()>
                {self.verb}
            </button>
            <div popover="auto" id=self.id class="dialog ask" role="dialog" aria-label=self.question.clone()>
                <form method="post" action=self.action data-done=self.done>
                    <p class="strong">{self.question.clone()}</p>
                    <p class="note">{self.note}</p>
                    {refusal()}
                    <input type="hidden" name=name value=value />
                    <button class="btn danger">{self.verb}</button>
                </form>
            </div>
        }
    }
}
