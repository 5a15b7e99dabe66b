//! Proof that runs run.

use super::{
    Frame, Step,
    parts::{copy, onward, way, ways},
};
use crate::components::Icon;
use leptos::prelude::*;
use runs::setup::smoke::{Smoke, SmokeRun};

/// How it stands.
pub struct SmokeView {
    /// The runs and who works; `None` before the server has opened its doors.
    pub smoke: Option<Smoke>,
    /// The command that starts a worker.
    pub worker: String,
    /// Why it was not started.
    pub refused: Option<String>,
    /// Whether the page is fetched again by itself.
    pub is_fresh: bool,
}

/// The page.
pub fn smoke(frame: &Frame, view: SmokeView) -> String {
    frame.draw(Some(Step::Smoke), Step::Smoke.title(), || body(view))
}

fn body(view: SmokeView) -> AnyView {
    let Some(smoke) = view.smoke else {
        return html! {
            <p class="lead">"Runs are kept in the database, which has not its shape yet."</p>
            {ways(vec![onward("/setup", "Finish the steps before")])}
        };
    };
    let refused = view
        .refused
        .map(|words| html! { <p class="refused-line" role="alert">{words}</p> });
    let worker = (smoke.workers == 0 || !smoke.unserved.is_empty()).then(|| worker(&smoke, view.worker));
    let begin = |text: &'static str| {
        html! {
            <form method="post" action="/setup/smoke">
                <button class="btn primary">{text}</button>
            </form>
        }
    };
    let (words, on) = if smoke.runs.is_empty() {
        (
            "One small run in each lane, which a worker takes, runs and ends.",
            vec![begin("Start the smoke run"), way("/", "Skip, open the board")],
        )
    } else if smoke.is_green() {
        (
            "Every lane works. Runboard is set up.",
            vec![onward("/", "Open the board")],
        )
    } else if smoke.is_over() {
        (
            "Not every run ended well. The page of each says why.",
            vec![begin("Start it again"), way("/", "Open the board")],
        )
    } else {
        let update = if view.is_fresh {
            way("/setup/smoke?still=1", "Stop updating")
        } else {
            way("/setup/smoke", "Update")
        };
        ("The runs are on their way.", vec![update, way("/", "Open the board")])
    };
    let runs = (!smoke.runs.is_empty()).then(|| {
        html! { <ul class="card checks" aria-label="Smoke runs">{smoke.runs.into_iter().map(run).collect_view()}</ul> }
    });
    html! {
        <p class="lead" role="status">{words}</p>
        {refused}
        {runs}
        {worker}
        {ways(on)}
    }
}

fn worker(smoke: &Smoke, command: String) -> AnyView {
    let words = if smoke.workers == 0 {
        "No worker is connected. Runs wait in their lanes until one comes.".to_owned()
    } else {
        format!("No worker serves lane {}.", smoke.unserved.join(", "))
    };
    html! {
        <section class="card waiting" aria-label="No worker">
            <Icon name="warn" />
            <div>
                <p class="strong">{words}</p>
                <p>"Start one, on this machine or another that reaches the database:"</p>
                {copy(command)}
            </div>
        </section>
    }
}

fn run(run: SmokeRun) -> AnyView {
    let (icon, tone) = match run.status.as_str() {
        "success" => ("check", "ok"),
        "running" => ("running", "run"),
        "failed" => ("cross", "bad"),
        "waiting" => ("waiting", "wait"),
        "canceled" => ("canceled", "idle"),
        _ => ("queued", "idle"),
    };
    html! {
        <li>
            <span class=format!("pill {tone}")>
                <Icon name=icon />
                {run.status}
            </span>
            <div class="found">
                <p class="strong">
                    <a href=format!("/runs/{}", run.run_id)>{format!("Lane {}", run.lane)}</a>
                </p>
                <p>{run.says}</p>
            </div>
        </li>
    }
}
