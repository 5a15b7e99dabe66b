//! A heartbeat: freshness, not status.

use crate::components::late::text;
use crate::now::use_now;
use crate::state::Pulse;
use crate::time;
use leptos::prelude::*;

/// A dot that beats while its worker does, and its age in words when `in_words`.
#[component]
pub(crate) fn Heartbeat(
    /// Last sign of life and when its lease ends.
    #[prop(into)]
    beat: Signal<Option<(i64, i64)>>,
    /// Whether the age is written beside the dot.
    #[prop(optional)]
    in_words: bool,
) -> impl IntoView {
    let now = use_now();
    let pulse = Memo::new(move |_| beat.get().map(|(at, end)| Pulse::of(at, end, now.get())));
    let age = text(move || {
        beat.get().map_or_else(
            || "no heartbeat yet".to_owned(),
            |(at, end)| match Pulse::of(at, end, now.get()) {
                Pulse::Dead => format!("silent for {}", time::ticking(now.get() - at)),
                _ => format!("beat {}", time::ago(now.get() - at)),
            },
        )
    });
    let class = text(move || match pulse.get() {
        Some(Pulse::Fresh) => "pulse",
        Some(Pulse::Late) => "pulse late",
        Some(Pulse::Dead) => "pulse dead",
        None => "pulse none",
    });
    html! {
        <span class="beat" title=age>
            <i class=class aria-hidden="true"></i>
            <span class=if in_words { "" } else { "sr" }>{age}</span>
        </span>
    }
}
