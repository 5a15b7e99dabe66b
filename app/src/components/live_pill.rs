//! Whether the page is live, and the button that stops it.

use super::Icon;
use crate::components::late::text;
use crate::live::hub::{LiveStatus, use_live};
use leptos::prelude::*;

/// A button in the form of a pill.
#[component]
pub(crate) fn LivePill() -> impl IntoView {
    let live = use_live();
    let look = Memo::new(move |_| match live.status.get() {
        LiveStatus::Starting => ("Connecting", "idle", "dot"),
        LiveStatus::Live => ("Live", "ok", "dot"),
        LiveStatus::Degraded => ("Live, delayed", "warn", "warn"),
        LiveStatus::Reconnecting => ("Reconnecting", "warn", "retry"),
        LiveStatus::Paused => ("Paused", "idle", "pause"),
    });
    let hint = text(move || match live.status.get() {
        LiveStatus::Paused => "Nothing moves. Press to go on (p).",
        LiveStatus::Degraded => "The server polls, changes come a little later. Press to pause (p).",
        LiveStatus::Reconnecting => "The connection broke; it is being opened again.",
        _ => "Press to pause (p).",
    });
    html! {
        <button
            type="button"
            class=text(move || format!("pill live-pill {}", look.get().1))
            title=hint
            aria-pressed=text(move || (live.status.get() == LiveStatus::Paused).to_string())
            on:click=move |_| live.toggle_pause()
        >
            <Icon name=Signal::derive(move || look.get().2) />
            <span class="sr">"Updates: "</span>
            {text(move || look.get().0)}
        </button>
    }
}
