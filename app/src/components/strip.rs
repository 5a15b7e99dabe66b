//! The numbers on top of the board.

use super::Ticking;
use crate::components::late::{piece, text};
use crate::time;
use crate::views::StripView;
use leptos::prelude::*;

/// Alive, waiting, running, failed, stuck: each leads to what it counts.
#[component]
pub(crate) fn HealthStrip(
    /// The numbers.
    #[prop(into)]
    strip: Signal<StripView>,
) -> impl IntoView {
    let get = move |pick: fn(&StripView) -> i64| Memo::new(move |_| strip.with(pick));
    let fresh = get(|strip| strip.workers_fresh);
    let stale = get(|strip| strip.workers_stale);
    let running = get(|strip| strip.running);
    let slots = get(|strip| strip.slots);
    let failed = get(|strip| strip.failed_24h);
    let finished = get(|strip| strip.finished_24h);
    let stuck = get(|strip| strip.stuck);
    let recovered = get(|strip| strip.recovered_24h);
    let tone = |number: i64, tone: &'static str| if number > 0 { tone } else { "" };
    html! {
        <section class="strip" aria-label="Health">
            <a href="/workers">
                <span>"Workers"</span>
                <b class=text(move || if fresh.get() == 0 { "bad-ink" } else { "" })>{text(move || fresh.get().to_string())}</b>
                <em>
                    "fresh"
                    {piece(move || (stale.get() > 0).then(|| format!(", {} stale", stale.get())))}
                </em>
            </a>
            <a href="/runs?status=queued">
                <span>"Oldest queued"</span>
                <b>
                    <Ticking since=Signal::derive(move || strip.read().oldest_queued_at) />
                </b>
                <em>
                    {text(move || match strip.read().oldest_queued_lane.clone() {
                        Some(lane) => format!("lane {lane}"),
                        None => "none".to_owned(),
                    })}
                </em>
            </a>
            <a href="/runs?status=running">
                <span>"Running"</span>
                <b>{text(move || running.get().to_string())}</b>
                <em>{text(move || format!("of {} slots", slots.get()))}</em>
            </a>
            <a href="/runs?status=failed&from=24h">
                <span>"Failed, 24 h"</span>
                <b class=text(move || tone(failed.get(), "bad-ink"))>{text(move || time::count(failed.get()))}</b>
                <em>{text(move || format!("of {}", time::count(finished.get())))}</em>
            </a>
            <a href="/runs?status=stuck">
                <span>"Stuck"</span>
                <b class=text(move || tone(stuck.get(), "warn-ink"))>{text(move || stuck.get().to_string())}</b>
                <em>{text(move || format!("{} recovered", recovered.get()))}</em>
            </a>
        </section>
    }
}
