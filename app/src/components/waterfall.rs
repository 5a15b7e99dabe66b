//! Steps in time.

use super::Icon;
use crate::components::late::piece;
use crate::now::use_now;
use crate::state::step_look;
use crate::time;
use crate::views::{DetailView, PlanStepView};
use crate::waterfall::{Row, rows};
use leptos::prelude::*;

/// One row per step and try; what is only planned is listed too.
#[component]
pub(crate) fn Waterfall(
    /// The run and its steps.
    #[prop(into)]
    detail: Signal<DetailView>,
    /// Steps of its template.
    plan: Vec<PlanStepView>,
    /// Only the newest try of each step.
    #[prop(optional)]
    brief: bool,
) -> impl IntoView {
    let now = use_now();
    let lines = Memo::new(move |_| {
        {
            let detail = detail.read();
            {
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
                rows(&steps, &plan, now)
            }
        }
    });
    let is_retried = Memo::new(move |_| lines.read().iter().any(|row| row.attempt > 1 || row.try_number > 1));
    html! {
        <ol class="gantt" aria-label="Steps">
            {piece(move || {
                let show_try = is_retried.get() && !brief;
                lines.get().into_iter().map(|row| line(row, show_try)).collect_view()
            })}
        </ol>
    }
}

fn line(row: Row, show_try: bool) -> impl IntoView {
    let (word, tone, icon) = row.status.map_or(("planned", "idle", "queued"), step_look);
    let note = (show_try && row.attempt > 0).then(|| match row.try_number {
        1 => format!("attempt {}", row.attempt),
        again => format!("attempt {}, try {again}", row.attempt),
    });
    let title = format!("{}: {word}", row.title);
    html! {
        <li title=title>
            <span class=format!("state {tone}-ink")>
                <Icon name=icon />
                <span class="sr">{word}</span>
            </span>
            <span class="cut name">
                {row.title}
                {note.map(|note| html! { <em>{note}</em> })}
            </span>
            <svg class="track" aria-hidden="true">
                <rect class=tone x=percent(row.left) width=percent(row.width) height="100%" rx="4"></rect>
            </svg>
            <span class="took">{row.took.map_or_else(|| "–".to_owned(), time::span)}</span>
        </li>
    }
}

fn percent(thousandths: i64) -> String {
    format!("{}.{}%", thousandths / 10, thousandths % 10)
}
