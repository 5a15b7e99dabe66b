//! The tabs of a run.

use crate::components::late::piece;
use crate::components::{LogPanel, RunPart, TabLinks, Waterfall};
use crate::live::run::RunStore;
use crate::views::DetailView;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// Tabs in the address, the chosen one below.
#[component]
pub(crate) fn RunTabs(
    /// The run.
    store: RunStore,
) -> impl IntoView {
    let query = use_query_map();
    let tab = Memo::new(move |_| query.read().get("tab").unwrap_or_else(|| "logs".to_owned()));
    let detail = store.detail;
    let count = move |pick: fn(&DetailView) -> i64| Signal::derive(move || Some(detail.with(pick).max(0) as usize));
    let none = Signal::stored(None);
    let tabs = vec![
        ("logs", "Logs", none),
        ("timeline", "Timeline", count(|detail| detail.run.steps_total.into())),
        ("artifacts", "Artifacts", count(|detail| detail.artifact_count)),
        ("params", "Params", none),
        ("result", "Result", none),
        ("events", "Events", count(|detail| detail.event_count)),
        ("attempts", "Attempts", count(|detail| detail.attempts.len() as i64)),
    ];
    html! {
        <TabLinks label="Parts of the run" tabs=tabs current=tab href=|word| format!("?tab={word}") />
        {piece(move || match tab.get().as_str() {
            "timeline" | "steps" => {
                let plan = store.page.with_value(|page| page.plan.clone());
                html! { <section class="card pane"><Waterfall detail=store.detail plan=plan /></section> }
            }
            "events" => html! { <RunPart store=store part="events" /> },
            "artifacts" => html! { <RunPart store=store part="artifacts" /> },
            "params" => html! { <RunPart store=store part="params" /> },
            "result" => html! { <RunPart store=store part="result" /> },
            "attempts" => html! { <RunPart store=store part="attempts" /> },
            _ => html! { <LogPanel store=store /> },
        })}
    }
}
