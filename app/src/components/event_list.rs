//! The story of a run.

use super::Ago;
use crate::components::late::rows;
use crate::time;
use crate::views::EventView;
use leptos::prelude::*;

/// What happened, oldest first.
#[component]
pub(crate) fn EventList(
    /// The events.
    #[prop(into)]
    events: Signal<Vec<EventView>>,
) -> impl IntoView {
    html! {
        <ol class="events">
            {rows(move || events.get(), |event| format!("{}.{}", event.lease_seq, event.seq), move |event| html! {
                <li class=format!("event {}", tone(&event.kind))>
                    <span class="at" title=time::stamp(event.at)>{time::clock(event.at)}</span>
                    <span class="kind">{event.kind.replace('_', " ")}</span>
                    <span class="what">{event.message.clone()}</span>
                    <span class="ago"><Ago at=event.at /></span>
                </li>
            })}
        </ol>
    }
}

fn tone(kind: &str) -> &'static str {
    match kind {
        "success" | "step_finished" => "ok",
        "failed" | "step_failed" => "bad",
        "lost" | "timeout" | "retry_scheduled" | "cancel_requested" | "log_truncated" => "warn",
        "claimed" | "step_started" | "resumed" => "run",
        _ => "idle",
    }
}
