//! Every schedule, by name.

use super::{acts, says};
use crate::api::PageError;
use crate::components::Empty;
use crate::served::{
    Ask, Page,
    parts::{ago, pill, records},
};
use domain::Permission;
use leptos::prelude::*;
use runs::schedules::{self, ScheduleRow};
use std::collections::HashMap;

/// The page.
pub(super) async fn page(ask: &Ask) -> Result<Page, PageError> {
    let mut tx = ask.services.begin(&ask.claims).await?;
    let rows = schedules::list(&mut tx).await?;
    let last: Vec<String> = rows.iter().filter_map(|row| row.last_run_id.clone()).collect();
    let runs = db::reads::runs_by_id(&mut tx, &last).await?;
    let status: HashMap<String, String> = runs.into_iter().map(|run| (run.run_id, run.status)).collect();
    let may = ask.may(Permission::ManageRuns);
    let body = if rows.is_empty() {
        html! { <Empty title="Nothing starts by itself." hint="A schedule starts a template or an action at the times you name." /> }
    } else {
        let headings = ["Schedule", "On", "Starts", "When", "Next run", "Last run", "Guards", ""];
        let rows = rows.into_iter().map(|row| one(ask, &row, &status)).collect();
        records("Schedules", &headings, rows)
    };
    let page = Page::new(ask, "Schedules", body).fresh(10);
    Ok(if may {
        page.actions(html! { <a class="btn primary" href="/schedules/new">"New schedule"</a> })
    } else {
        page
    })
}

fn one(ask: &Ask, row: &ScheduleRow, status: &HashMap<String, String>) -> Vec<AnyView> {
    let may = may_change(ask, row);
    vec![
        html! { <a href=format!("/schedules/{}", row.schedule_id)>{row.name.clone()}</a> },
        acts::switch(row, may),
        says::work(row),
        says::when(&row.cron, &row.zone),
        next(row),
        last(row, status),
        says::guards(row),
        may.then(|| acts::run_now(row, "btn sm")).into_any(),
    ]
}

/// What comes with Runboard is for admins.
pub(super) fn may_change(ask: &Ask, row: &ScheduleRow) -> bool {
    ask.may(if row.built_in {
        Permission::Administer
    } else {
        Permission::ManageRuns
    })
}

/// When it is due, or why it is not.
pub(super) fn next(row: &ScheduleRow) -> AnyView {
    match (row.enabled, &row.problem, row.next_at) {
        (false, ..) => html! { <span class="note">"off"</span> },
        (_, Some(problem), _) => html! { <span title=problem.clone()>{pill("cannot be read", "bad")}</span> },
        (_, _, Some(at)) => ago(at),
        _ => html! { <span class="note">"being worked out"</span> },
    }
}

/// What became of its last time.
pub(super) fn last(row: &ScheduleRow, status: &HashMap<String, String>) -> AnyView {
    let Some(at) = row.last_at else {
        return html! { <span class="note">"never"</span> };
    };
    let what = match (row.last_outcome.as_deref(), &row.last_run_id) {
        (Some("fired") | None, Some(run_id)) => says::run(run_id, status.get(run_id).map(String::as_str)),
        (outcome, _) => {
            let why = row.last_message.clone();
            html! { <span title=why>{says::outcome(outcome.unwrap_or("fired"))}</span> }
        }
    };
    html! { {what} " " <span class="note">{ago(at)}</span> }
}
