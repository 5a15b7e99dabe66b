//! Many runs at once: those that are marked, or all that fit.

use super::Asked;
use crate::components::Icon;
use crate::time;
use leptos::prelude::*;

/// Verbs: word in the address, label, icon.
const VERBS: [(&str, &str, &str); 3] = [
    ("cancel", "Cancel", "canceled"),
    ("retry", "Retry", "retry"),
    ("rerun", "Rerun", "play"),
];

/// The bar that acts; the marks of the rows belong to its form. `count` is how many runs fit, where that is known.
pub(super) fn bar(asked: &Asked, count: Option<i64>) -> AnyView {
    let all = match count {
        Some(1) => "The one run that fits".to_owned(),
        Some(count) => format!("All {} runs that fit", time::count(count)),
        None => "All runs that fit".to_owned(),
    };
    let is_narrow = asked.filter.plain().is_narrow() && asked.filter.problems.is_empty();
    let whole = is_narrow.then(|| {
        html! {
            <label class="check">
                <input type="checkbox" name="all" value="true" data-whole="" />
                {all}
            </label>
        }
    });
    let verbs = VERBS
        .into_iter()
        .map(|(verb, label, icon)| {
            html! {
                <button class="btn sm" name="verb" value=verb data-verb=verb>
                    <Icon name=icon />
                    {label}
                    "…"
                </button>
            }
        })
        .collect_view();
    html! {
        <form method="get" action="/bulk/new" id="marked" class="row bar marked" aria-label="Marked runs" data-plain="">
            <input type="hidden" name="filter" value=asked.filter.plain().to_string() />
            <span class="marked-count" role="status">"Mark runs to act on many at once."</span>
            {whole}
            <span class="grow"></span>
            <span class="row verbs">
                {verbs}
                <button type="reset" class="btn sm quiet">"Clear"</button>
            </span>
        </form>
        <dialog class="dialog wide" id="bulk-dialog" aria-label="Before it is done"></dialog>
    }
}
