//! An icon of the sprite `public/icons.svg`.

use crate::components::late::text;
use leptos::prelude::*;

/// Decoration: the word beside it says the same.
#[component]
pub(crate) fn Icon(
    /// Symbol of the sprite.
    #[prop(into)]
    name: Signal<&'static str>,
) -> impl IntoView {
    html! {
        <svg class="icon" aria-hidden="true">
            <use href=text(move || format!("/icons.svg#{}", name.get()))></use>
        </svg>
    }
}
