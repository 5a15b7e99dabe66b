//! The words of a schedule: what it starts, when, and what holds it back.

use crate::served::parts::pill;
use chrono::NaiveTime;
use leptos::prelude::*;
use runs::schedules::{ScheduleRow, in_words};

/// What becomes of times that passed while no server ran: value, name, sentence.
pub(super) const CATCH_UP: [(&str, &str, &str); 3] = [
    ("none", "Let them go", "What was missed is over; the next time counts."),
    ("one", "Start once", "One run stands for all that were missed."),
    (
        "all",
        "Start each",
        "Every missed time is started, the last 24 at most.",
    ),
];

/// `template healthcheck`, with the way to it.
pub(super) fn work(row: &ScheduleRow) -> AnyView {
    match (&row.template_slug, &row.action) {
        (Some(slug), _) => html! { <a href=format!("/templates/{slug}")>{slug.clone()}</a> },
        (_, Some(action)) => html! { <code>{action.clone()}</code> },
        _ => "nothing".into_any(),
    }
}

/// The cron in words where words do not lie, and the cron.
pub(super) fn when(cron: &str, zone: &str) -> AnyView {
    let words = in_words(cron).map(|words| html! { <p>{words}</p> });
    html! { <div>{words} <p class="note cron"><code>{cron.to_owned()}</code> " " {zone.to_owned()}</p></div> }
}

/// What holds it back, a chip each.
pub(super) fn guards(row: &ScheduleRow) -> AnyView {
    let time = |at: NaiveTime| at.format("%H:%M").to_string();
    let cap = row.daily_cap.map(|most| format!("at most {most} a day"));
    let quiet = row.quiet_from.zip(row.quiet_to);
    let quiet = quiet.map(|(from, to)| format!("quiet {}–{}", time(from), time(to)));
    let catch_up = match row.catch_up.as_str() {
        "one" => Some("catches up once".to_owned()),
        "all" => Some("catches up each".to_owned()),
        _ => None,
    };
    let chips: Vec<_> = [cap, quiet, catch_up]
        .into_iter()
        .flatten()
        .map(|words| html! { <span class="chip">{words}</span> })
        .collect();
    if chips.is_empty() {
        return html! { <span class="note">"none"</span> };
    }
    html! { <span class="chips">{chips}</span> }
}

/// A status of a run as a pill that leads to it.
pub(super) fn run(run_id: &str, status: Option<&str>) -> AnyView {
    let (word, tone) = match status {
        Some("success") => ("success", "ok"),
        Some("failed") => ("failed", "bad"),
        Some("running") => ("running", "run"),
        Some("waiting") => ("waiting", "wait"),
        Some("queued") => ("queued", "idle"),
        Some("canceled") => ("canceled", "idle"),
        _ => ("gone", "idle"),
    };
    html! { <a href=format!("/runs/{run_id}")>{pill(word, tone)}</a> }
}

/// What became of a time: fired, skipped, missed.
pub(super) fn outcome(word: &str) -> AnyView {
    match word {
        "fired" => pill("started", "ok"),
        "skipped" => pill("held back", "warn"),
        other => pill(other.to_owned(), "warn"),
    }
}
