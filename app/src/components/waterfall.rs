//! Steps in time.

use super::served::refresh::keep_focus;
use crate::components::late::text;
use crate::log_text::escape;
use crate::now::use_now;
use crate::state::step_look;
use crate::time;
use crate::views::{DetailView, PlanStepView};
use crate::waterfall::{Row, What, layout};
use leptos::prelude::*;
use std::fmt::Write;

/// One row per step and try, under its attempt when there are several; what is only planned is listed too. A row of a
/// step leads to its lines in the log.
#[component]
pub(crate) fn Waterfall(
    /// The run and its steps.
    #[prop(into)]
    detail: Signal<DetailView>,
    /// Steps of its template.
    plan: Vec<PlanStepView>,
    /// Only the newest try of each step, without their attempts.
    #[prop(optional)]
    brief: bool,
) -> impl IntoView {
    let now = use_now();
    let page = text(move || {
        let detail = detail.read();
        // A run that ended stands still: its waterfall is not drawn again every second.
        let now = detail.run.finished_at.unwrap_or_else(|| now.get());
        let mut steps = detail.steps.clone();
        if brief {
            let newest = |step: &str| detail.steps.iter().rposition(|known| known.step == step);
            let mut at = 0;
            steps.retain(|step| {
                at += 1;
                newest(&step.step) == Some(at - 1)
            });
        }
        let attempts = if brief { &[] } else { detail.attempts.as_slice() };
        let drawn = layout(&steps, attempts, &plan, now);
        // The rows are written anew; who stands on one stays there.
        keep_focus();
        let mut page = String::new();
        for (at, row) in drawn.rows.iter().enumerate() {
            put_row(row, &format!("row-{at}"), &detail.run.id, &drawn.cuts, &mut page);
        }
        page
    });
    html! { <ol class="gantt" aria-label="Steps" inner_html=page></ol> }
}

fn put_row(row: &Row, id: &str, run_id: &str, cuts: &[(i64, i64)], page: &mut String) {
    let ((word, tone, icon), note) = match &row.what {
        What::Attempt(outcome) => (attempt_look(outcome), String::new()),
        What::Step(status, 1) => (step_look(*status), String::new()),
        What::Step(status, again) => (step_look(*status), format!(" <em>try {again}</em>")),
        What::Planned => (("planned", "idle", "queued"), String::new()),
    };
    let class = if row.step.is_empty() { " class=\"attempt\"" } else { "" };
    let _ = write!(
        page,
        "<li{class}><svg class=\"icon {tone}-ink\" aria-hidden=\"true\"><use href=\"/icons.svg#{icon}\"></use></svg>"
    );
    let is_link = matches!(row.what, What::Step(..));
    if is_link {
        let _ = write!(
            page,
            "<a class=\"cut name\" id=\"{id}\" href=\"/runs/{run_id}?tab=logs&amp;step="
        );
        escape(&row.step, page);
        page.push_str("\" title=\"");
    } else {
        page.push_str("<span class=\"cut name\" title=\"");
    }
    escape(&row.title, page);
    page.push_str("\">");
    escape(&row.title, page);
    page.push_str(&note);
    page.push_str(if is_link { "</a>" } else { "</span>" });
    let _ = write!(page, "<span class=\"word {tone}-ink\">");
    escape(word, page);
    page.push_str("</span><svg class=\"track\" aria-hidden=\"true\">");
    let _ = write!(
        page,
        "<rect class=\"{tone}\" x=\"{}\" width=\"{}\" height=\"100%\" rx=\"4\"></rect>",
        percent(row.left),
        percent(row.width)
    );
    for (at, idle) in cuts {
        let _ = write!(
            page,
            "<rect class=\"cut-mark\" x=\"{}\" width=\"3\" height=\"100%\"><title>{} idle</title></rect>",
            percent(*at),
            time::span(*idle)
        );
    }
    let took = row.took.map_or_else(|| "–".to_owned(), time::span);
    let _ = write!(page, "</svg><span class=\"took\">{took}</span></li>");
}

fn attempt_look(outcome: &str) -> (&str, &'static str, &'static str) {
    let (tone, icon) = match outcome {
        "running" => ("run", "running"),
        "success" => ("ok", "check"),
        "failed" | "timeout" => ("bad", "cross"),
        "suspended" => ("wait", "waiting"),
        "canceled" => ("idle", "canceled"),
        _ => ("warn", "retry"),
    };
    (outcome, tone, icon)
}

fn percent(thousandths: i64) -> String {
    format!("{}.{}%", thousandths / 10, thousandths % 10)
}
