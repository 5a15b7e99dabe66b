//! What is shown once, on top of the page that asked for it.

use crate::once;
use crate::served::Ask;
use leptos::prelude::*;

/// The thing itself and a button that copies it, if this page has just made one.
pub(super) fn shown(ask: &Ask, page: &str) -> Option<AnyView> {
    let shown = once::take(&ask.services, &ask.claims, page)?;
    Some(html! {
        <section class="card pane once" aria-labelledby="once-title">
            <h2 id="once-title">{shown.what}</h2>
            <p class="strong">"Copy it now: it is not shown again."</p>
            <div class="row bar">
                <input id="once-text" readonly=true value=shown.text aria-labelledby="once-title" />
                <button type="button" class="btn primary" data-copy="once-text">"Copy"</button>
            </div>
            <p class="note">{shown.note}</p>
        </section>
    })
}
