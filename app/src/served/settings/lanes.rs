//! `/settings/lanes`: how many runs each lane gives out, and how fast.

use super::tabs::tabs;
use crate::api::PageError;
use crate::served::{
    Ask, Page,
    dialog::{Dialog, Field, hidden},
    parts::{pill, records, refusal},
};
use crate::time;
use db::reads::LaneRow;
use domain::Permission;
use leptos::prelude::*;

/// The page. Operators pause and resume; administrators edit.
pub(super) async fn page(ask: &Ask) -> Result<Page, PageError> {
    ask.require(Permission::ManageRuns)?;
    let may_edit = ask.may(Permission::Administer);
    let mut tx = ask.services.begin(&ask.claims).await?;
    let lanes = runs::read::lanes(&mut tx).await?;
    let rows = lanes.into_iter().map(|lane| row(&lane, may_edit)).collect();
    let headings = ["Lane", "State", ">Running", ">Waiting", "Limit", "Rate", "Aging", ""];
    let body = html! { {tabs(ask)} {records("Lanes", &headings, rows)} };
    let page = Page::new(ask, "Lanes", body);
    Ok(if may_edit { page.actions(create()) } else { page })
}

fn row(lane: &LaneRow, may_edit: bool) -> Vec<AnyView> {
    let state = match &lane.paused_at {
        None => pill("open", "ok"),
        Some(_) => html! { {pill("paused", "warn")} <span class="note block">{why(lane)}</span> },
    };
    let key = match lane.max_per_key {
        1 => String::new(),
        most => format!(", {most} per key"),
    };
    let limit = lane.max_running.map_or_else(|| "none".to_owned(), time_count) + &key;
    let rate = match (lane.rate_limit, lane.rate_seconds) {
        (Some(limit), Some(seconds)) => format!("{} per {seconds} s", time_count(limit)),
        _ => "none".to_owned(),
    };
    let aging = lane
        .aging_seconds
        .map_or_else(|| "none".to_owned(), |seconds| format!("a point per {seconds} s"));
    vec![
        html! {
            {lane.name.clone()} " " <span class="note">{lane.title.clone()}</span>
            <span class="note block wrap">{lane.purpose.clone()}</span>
        },
        state,
        time::count(lane.running).into_any(),
        time::count(lane.queued + lane.deferred).into_any(),
        limit.into_any(),
        rate.into_any(),
        aging.into_any(),
        html! {
            <span class="row end">
                {if lane.paused_at.is_some() { resume(lane) } else { pause(lane) }}
                {may_edit.then(|| html! { {edit(lane)} {delete(lane)} })}
            </span>
        },
    ]
}

fn time_count(number: i32) -> String {
    time::count(number.into())
}

fn why(lane: &LaneRow) -> String {
    let by = lane.paused_by.as_ref().map(|by| format!("by {by}"));
    let parts: Vec<String> = by.into_iter().chain(lane.pause_reason.clone()).collect();
    parts.join(": ")
}

fn pause(lane: &LaneRow) -> AnyView {
    let id = format!("pause-{}", lane.name);
    let reason = Field {
        form: &id,
        name: "reason",
        label: "Why",
        help: "Everybody sees it on the board.",
    };
    let body = html! {
        <form method="post" action="/fn/pause_lane" data-done="The lane is paused.">
            <p class="note">"It gives out no more runs until it is resumed; what runs goes on."</p>
            {refusal()} {hidden("lane", lane.name.clone())} {reason.line("text", "", false)}
            <button class="btn primary">"Pause lane"</button>
        </form>
    };
    let dialog = Dialog {
        button: "Pause",
        title: format!("Pause lane {}", lane.name),
        class: "sm",
        id: id.clone(),
    };
    dialog.draw(body)
}

fn resume(lane: &LaneRow) -> AnyView {
    html! {
        <form method="post" action="/fn/resume_lane" data-done="The lane gives out runs again.">
            {hidden("lane", lane.name.clone())}
            <button class="btn sm" id=format!("resume-{}", lane.name) aria-label=format!("Resume lane {}", lane.name)>
                "Resume"
            </button>
        </form>
    }
}

fn delete(lane: &LaneRow) -> AnyView {
    let body = html! {
        <form method="post" action="/fn/delete_lane" data-done="The lane is deleted.">
            <p class="note">"Only a lane that no run and no template names can be deleted. Pause it instead when it has a history."</p>
            {refusal()} {hidden("name", lane.name.clone())}
            <button class="btn danger">"Delete lane"</button>
        </form>
    };
    let dialog = Dialog {
        id: format!("delete-{}", lane.name),
        button: "Delete",
        title: format!("Delete lane {}", lane.name),
        class: "sm",
    };
    dialog.draw(body)
}

fn edit(lane: &LaneRow) -> AnyView {
    let id = format!("edit-{}", lane.name);
    let body = html! {
        <form method="post" action="/fn/save_lane" data-done="The lane is saved.">
            {refusal()} {hidden("name", lane.name.clone())} {hidden("version", lane.version.to_string())}
            {numbers(&id, Some(lane))}
            <button class="btn primary">"Save lane"</button>
        </form>
    };
    let dialog = Dialog {
        button: "Edit",
        title: format!("Edit lane {}", lane.name),
        class: "sm",
        id: id.clone(),
    };
    dialog.draw(body)
}

fn create() -> AnyView {
    let name = Field {
        form: "new-lane",
        name: "name",
        label: "Name",
        help: "A capital letter, then capitals, digits or _; it never changes.",
    };
    let body = html! {
        <form method="post" action="/fn/save_lane" data-done="The lane is made. Workers serve it when they are told to.">
            {refusal()} {name.line("text", "", true)} {numbers("new-lane", None)}
            <button class="btn primary">"Make lane"</button>
        </form>
    };
    let dialog = Dialog {
        id: "new-lane".to_owned(),
        button: "Make a lane",
        title: "Make a lane".to_owned(),
        class: "primary",
    };
    dialog.draw(body)
}

/// Everything of a lane but its name.
fn numbers(form: &str, lane: Option<&LaneRow>) -> AnyView {
    let field = |name, label, help| Field {
        form,
        name,
        label,
        help,
    };
    let text = |of: fn(&LaneRow) -> &String| lane.map(of).cloned().unwrap_or_default();
    let number = |of: fn(&LaneRow) -> Option<i32>| lane.and_then(of);
    html! {
        {field("title", "Title", "One word.").line("text", &text(|lane| &lane.title), true)}
        {field("purpose", "What it is for", "").line("text", &text(|lane| &lane.purpose), false)}
        <div class="pair">
            {field("max_running", "Runs at once", "In the whole fleet. Empty: no limit.")
                .number(number(|lane| lane.max_running), (1, 100_000))}
            {field("max_per_key", "At once per key", "Of one concurrency key. Empty: 1.")
                .number(number(|lane| Some(lane.max_per_key)), (1, 100_000))}
            {field("rate_limit", "Claims at most", "Empty: no limit.")
                .number(number(|lane| lane.rate_limit), (1, 1_000_000))}
            {field("rate_seconds", "in so many seconds", "With a limit of claims.")
                .number(number(|lane| lane.rate_seconds), (1, 86_400))}
            {field("aging_seconds", "Aging, seconds", "A waiting run rises a point of priority in so long. Empty: never.")
                .number(number(|lane| lane.aging_seconds), (1, 86_400))}
            {field("position", "Place on the board", "Empty: last.")
                .number(number(|lane| Some(lane.position)), (0, 100_000))}
        </div>
    }
}
