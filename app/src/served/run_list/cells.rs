//! What a column says of a run.

use super::table::status;
use crate::served::parts::{ago, lasting};
use crate::time;
use chrono::{DateTime, Utc};
use db::reads::RunRow;
use domain::filter::Column;
use leptos::prelude::*;

/// Whether what a column says changes during the life of a run.
pub(super) fn is_live(column: Column) -> bool {
    matches!(
        column,
        Column::Status
            | Column::Started
            | Column::Ended
            | Column::Took
            | Column::Steps
            | Column::Attempt
            | Column::Reason
            | Column::Worker
    )
}

/// Whether a column is of numbers.
pub(super) fn is_number(column: Column) -> bool {
    matches!(
        column,
        Column::Took | Column::Steps | Column::Attempt | Column::Priority
    )
}

/// What it says.
pub(super) fn content(column: Column, run: &RunRow, now: i64) -> AnyView {
    match column {
        Column::Id => html! { <code>{run.run_id.clone()}</code> },
        Column::Status => status(run, now),
        Column::Lane => run.lane.clone().into_any(),
        Column::By => cut(Some(run.requested_by.clone())),
        Column::Made => ago(run.created_at),
        Column::Started => moment(run.started_at),
        Column::Ended => moment(run.finished_at),
        Column::Took => took(run),
        Column::Template => cut(run.template_slug.clone()),
        Column::Action => cut(run.action.clone()),
        Column::Env => cut(Some(run.env.clone())),
        Column::Steps => format!("{} of {}", run.steps_done, run.steps_total).into_any(),
        Column::Attempt => format!("{} of {}", run.attempt, run.max_attempts).into_any(),
        Column::Priority => run.priority.to_string().into_any(),
        Column::Reason => cut(run.reason.clone()),
        Column::Worker => cut(run.worker_name.clone()),
    }
}

fn cut(text: Option<String>) -> AnyView {
    match text {
        Some(text) => html! { <span class="cut" title=text.clone()>{text.clone()}</span> },
        None => nothing(),
    }
}

fn moment(at: Option<DateTime<Utc>>) -> AnyView {
    at.map_or_else(nothing, ago)
}

fn took(run: &RunRow) -> AnyView {
    match (run.started_at, run.finished_at) {
        (Some(from), Some(to)) => time::span((to - from).num_milliseconds()).into_any(),
        (Some(from), None) => lasting(from),
        _ => nothing(),
    }
}

fn nothing() -> AnyView {
    html! { <span class="note">"–"</span> }
}
