//! What operators do to a schedule.

use crate::served::confirm::Confirm;
use crate::served::parts::refusal;
use leptos::prelude::*;
use runs::schedules::ScheduleRow;

/// On or off, and the way to the other.
pub(super) fn switch(row: &ScheduleRow, may: bool) -> AnyView {
    let word = if row.enabled { "On" } else { "Off" };
    if !may {
        return html! { <span class="note">{word}</span> };
    }
    let (action, done) = if row.enabled {
        ("/fn/pause_schedule", "The schedule is off: it starts nothing.")
    } else {
        ("/fn/resume_schedule", "The schedule is on.")
    };
    html! {
        <form method="post" action=action data-done=done>
            <input type="hidden" name="schedule_id" value=row.schedule_id.to_string() />
            <button
                class="switch" role="switch" id=format!("switch-{}", row.schedule_id)
                aria-checked=row.enabled.to_string() aria-label=row.name.clone() title=if row.enabled { "Switch off" } else { "Switch on" }
            >
                <i aria-hidden="true"></i> {word}
            </button>
        </form>
    }
}

/// Starts its work at once.
pub(super) fn run_now(row: &ScheduleRow, class: &'static str) -> AnyView {
    html! {
        <form method="post" action="/fn/run_schedule" data-done="A run was started.">
            <input type="hidden" name="schedule_id" value=row.schedule_id.to_string() />
            {refusal()}
            <button class=class aria-label=format!("Run now: {}", row.name)>"Run now"</button>
        </form>
    }
}

/// Asks once more.
pub(super) fn delete(row: &ScheduleRow) -> AnyView {
    Confirm {
        id: "delete-schedule".to_owned(),
        verb: "Delete",
        question: format!("Delete {}?", row.name),
        note: "It starts nothing any more. What it has started goes on and stays in the list of runs.",
        action: "/fn/delete_schedule",
        about: ("schedule_id", row.schedule_id.to_string()),
        done: "The schedule is gone.",
    }
    .draw()
}
