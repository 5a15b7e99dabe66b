//! Times as people want them: relative, with the absolute in the tooltip.

use crate::components::late::text;
use crate::now::use_now;
use crate::time;
use leptos::prelude::*;

/// `2 min ago`.
#[component]
pub(crate) fn Ago(
    /// The moment.
    #[prop(into)]
    at: Signal<i64>,
) -> impl IntoView {
    let now = use_now();
    html! {
        <time datetime=text(move || time::iso(at.get())) title=text(move || time::stamp(at.get()))>
            {text(move || time::ago(now.get() - at.get()))}
        </time>
    }
}

/// `0:42`, counting; a dash when there is no moment.
#[component]
pub(crate) fn Ticking(
    /// When it began.
    #[prop(into)]
    since: Signal<Option<i64>>,
) -> impl IntoView {
    let now = use_now();
    html! {
        <time datetime=text(move || since.get().map(time::iso).unwrap_or_default()) title=text(move || since.get().map(time::stamp).unwrap_or_default())>
            {text(move || since.get().map_or_else(|| "–".to_owned(), |since| time::ticking(now.get() - since)))}
        </time>
    }
}

/// `14.2 s`: how long something took; counts while it has not ended.
#[component]
pub(crate) fn Took(
    /// When it began.
    #[prop(into)]
    from: Signal<Option<i64>>,
    /// When it ended.
    #[prop(into)]
    to: Signal<Option<i64>>,
) -> impl IntoView {
    let now = use_now();
    text(move || match (from.get(), to.get()) {
        (Some(from), Some(to)) => time::span(to - from),
        (Some(from), None) => time::ticking(now.get() - from),
        _ => "–".to_owned(),
    })
}
