//! A part of the page of a run that the server draws.

use super::ErrorPanel;
use super::buttons::copy;
use crate::api::draw_run_part;
use crate::components::late::loaded;
use crate::live::run::RunStore;
use crate::now::use_now;
use crate::views::DetailView;
use domain::RunStatus;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use wasm_bindgen::JsCast;

/// Reasons why a run waits are asked for again after this long.
const REASONS_MS: i64 = 10_000;

/// Shows the part and asks for it again when the run has changed, once a second at most.
#[component]
pub(crate) fn RunPart(
    /// The run.
    store: RunStore,
    /// Which part.
    part: &'static str,
) -> impl IntoView {
    let id = store.run.read_untracked().id.clone();
    let query = use_query_map();
    let now = use_now();
    let at = Memo::new(move |_| query.read().get("at").unwrap_or_default());
    let stamp = Memo::new(move |_| {
        let now = now.get();
        store.detail.with_untracked(|detail| stamp(detail, now))
    });
    let drawn = Resource::new(
        move || (at.get(), stamp.get()),
        move |(at, _)| draw_run_part(id.clone(), part.to_owned(), at),
    );
    let toasts = super::use_toasts();
    let clicked = move |event: leptos::ev::MouseEvent| {
        let button = event
            .target()
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
            .and_then(|target| target.closest("[data-copy]").ok()?);
        let what = button
            .and_then(|button| button.get_attribute("data-copy"))
            .and_then(|id| document().get_element_by_id(&id));
        if let Some(what) = what {
            copy(&what.text_content().unwrap_or_default(), toasts);
        }
    };
    loaded(move || async move {
        match drawn.await {
            Ok(page) => html! { <div class="run-part" inner_html=page on:click=clicked></div> },
            Err(error) => html! { <ErrorPanel error=error /> },
        }
    })
}

/// Changes with everything that a part can show.
fn stamp(detail: &DetailView, now: i64) -> (i64, i64, i64) {
    let waits = detail.run.status == RunStatus::Queued;
    (
        detail.run.version,
        detail.told_at + detail.event_count + detail.artifact_count,
        if waits { now / REASONS_MS } else { 0 },
    )
}
