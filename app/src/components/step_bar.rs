//! How far a run is, as segments.

use crate::components::late::piece;
use crate::views::RunView;
use domain::RunStatus;
use leptos::prelude::*;

/// More steps than this are one bar.
const MOST_SEGMENTS: i32 = 16;

/// One segment per step: done, running, failed, to come.
#[component]
pub(crate) fn StepBar(
    /// The run.
    #[prop(into)]
    run: Signal<RunView>,
) -> impl IntoView {
    piece(move || {
        let run = run.get();
        if run.steps_total > MOST_SEGMENTS {
            let width = run.steps_done * 100 / run.steps_total;
            return html! {
                <svg class="bar" aria-hidden="true">
                    <rect class="fill" width=format!("{width}%") height="100%"></rect>
                </svg>
            };
        }
        let segments = (0..run.steps_total.max(1))
            .map(|at| html! { <i class=class(&run, at)></i> })
            .collect_view();
        html! { <div class="steps" aria-hidden="true">{segments}</div> }
    })
}

fn class(run: &RunView, at: i32) -> &'static str {
    // A step that failed has ended too.
    let ended_badly = run.error.as_ref().is_some_and(|error| error.step.is_some());
    if run.status == RunStatus::Failed && at == run.steps_done - i32::from(ended_badly) {
        "failed"
    } else if at < run.steps_done {
        "done"
    } else if at == run.steps_done && run.status == RunStatus::Running {
        "now"
    } else if at == run.steps_done && run.status == RunStatus::Waiting {
        "waits"
    } else {
        ""
    }
}
