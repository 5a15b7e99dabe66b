//! The state of a run: shape, word and colour.

use super::Icon;
use crate::components::late::text;
use crate::now::use_now;
use crate::state::RunState;
use crate::views::RunView;
use leptos::prelude::*;

/// A pill.
#[component]
pub(crate) fn StatusPill(
    /// The run.
    #[prop(into)]
    run: Signal<RunView>,
) -> impl IntoView {
    let now = use_now();
    let state = Memo::new(move |_| {
        let run = run.read();
        RunState::of(&run, now.get())
    });
    html! {
        <span class=text(move || format!("pill {}", state.get().tone()))>
            <Icon name=Signal::derive(move || state.get().icon()) />
            {text(move || state.get().word())}
        </span>
    }
}
