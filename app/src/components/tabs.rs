//! Tabs that are links, so that they are in the address and work without wasm.

use crate::components::late::{maybe, piece};
use leptos::prelude::*;

/// A tab: word in the address, label, count.
pub(crate) type Tab = (&'static str, &'static str, Signal<Option<usize>>);

/// A row of links of which one is current.
#[component]
pub(crate) fn TabLinks(
    /// What the row is.
    label: &'static str,
    /// The tabs.
    tabs: Vec<Tab>,
    /// Word of the current one.
    #[prop(into)]
    current: Signal<String>,
    /// Makes the address of a word.
    href: fn(&str) -> String,
) -> impl IntoView {
    let links = tabs
        .into_iter()
        .map(|(word, text, count)| {
            let hot = match word {
                "logs" => Some("l"),
                "timeline" => Some("t"),
                _ => None,
            };
            html! {
                <a
                    href=href(word)
                    data-hot=hot
                    data-noscroll="true"
                    aria-current=maybe(move || (*current.read() == word).then_some("page"))
                >
                    {text}
                    {piece(move || count.get().filter(|count| *count > 0).map(|count| html! { <span class="count">{count}</span> }))}
                </a>
            }
        })
        .collect_view();
    html! {
        <nav class="tabs" aria-label=label>
            {links}
        </nav>
    }
}
