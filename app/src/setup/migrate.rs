//! Applying the migrations, watched.

use super::{
    Frame, Step,
    parts::{checks, onward, way, ways},
};
use crate::components::Icon;
use leptos::prelude::*;
use runs::setup::Check;
use std::time::Duration;

/// How migrating stands.
pub struct MigrateView {
    /// What happened, or what is in the way.
    pub outcome: Outcome,
    /// The log, oldest first.
    pub lines: Vec<LineView>,
    /// Migrations applied so far, and in all.
    pub done: (usize, usize),
    /// Since it began.
    pub took: Duration,
    /// Whether the page is fetched again by itself.
    pub is_fresh: bool,
}

/// Where it is.
pub enum Outcome {
    /// The database cannot be entered, or a right is missing.
    Blocked(Vec<Check>),
    /// So many wait for a word.
    Ready(usize),
    /// It goes on.
    Running,
    /// The database has its shape.
    Done,
    /// It stopped.
    Failed(Check),
}

/// One line of the log.
#[derive(Debug, Clone)]
pub struct LineView {
    /// What happens.
    pub text: String,
    /// How long it took; `None` while it goes on.
    pub took: Option<Duration>,
    /// It was refused.
    pub is_broken: bool,
}

/// The page.
pub fn migrate(frame: &Frame, view: MigrateView) -> String {
    frame.draw(Some(Step::Migrate), Step::Migrate.title(), || body(view))
}

fn body(view: MigrateView) -> AnyView {
    let (done, total) = view.done;
    let took = seconds(view.took);
    let head = match view.outcome {
        Outcome::Blocked(found) => {
            let step = if found.iter().any(|check| check.name == "database") {
                onward("/setup/connect", "Connect first")
            } else if found
                .iter()
                .any(|check| matches!(check.name, "newer" | "edited" | "unfinished"))
            {
                onward("/setup/sql", "Look at the SQL")
            } else {
                onward("/setup/rights", "Give the rights first")
            };
            html! {
                <p class="lead">"Something is in the way; nothing was changed."</p>
                {checks("In the way", &found)}
                {ways(vec![step, way("/setup/migrate", "Check again")])}
            }
        }
        Outcome::Ready(count) => html! {
            <p class="lead">
                {if count == 1 {
                    "One migration is applied in a transaction of its own.".to_owned()
                } else {
                    format!("{count} migrations are applied in order, each in a transaction of its own.")
                }}
                " It can be watched here, by several people; only one server migrates at a time. Take a backup first when the database holds something."
            </p>
            <form method="post" action="/setup/migrate">
                <p class="row bar setup-ways">
                    <button class="btn primary">
                        {if count == 1 { "Apply 1 migration".to_owned() } else { format!("Apply {count} migrations") }}
                    </button>
                    {way("/setup/sql", "Back")}
                </p>
            </form>
        },
        Outcome::Running => html! {
            <p class="strong" role="status">
                {if total == 0 { "Migrating…".to_owned() } else { format!("{done} of {total} applied, {took}.") }}
            </p>
            <progress aria-label="Migrations applied" value=done.to_string() max=total.max(1).to_string()></progress>
            <p>"You may leave this page; migrating goes on and the log waits here."</p>
            {ways(
                vec![
                    if view.is_fresh { way("/setup/migrate?still=1", "Stop updating") } else { way("/setup/migrate", "Update") },
                ],
            )}
        },
        Outcome::Done => {
            let words = if total == 0 {
                "The database has the shape this version needs.".to_owned()
            } else {
                format!("{done} migrations were applied in {took}. The database has the shape this version needs.")
            };
            html! {
                {checks("Migrating", &[Check::ok("migrations", words)])}
                {ways(vec![onward("/setup/admin", "Continue to the admin")])}
            }
        }
        Outcome::Failed(check) => html! {
            {checks("Migrating", &[check])}
            <form method="post" action="/setup/migrate">
                <p class="row bar setup-ways">
                    <button class="btn primary">"Start again"</button>
                    {way("/setup/rights", "Check rights")}
                </p>
            </form>
        },
    };
    html! {
        {head}
        {log(view.lines)}
    }
}

/// The newest line comes first, so that it is seen without scrolling.
fn log(lines: Vec<LineView>) -> Option<AnyView> {
    if lines.is_empty() {
        return None;
    }
    let line = |line: LineView| {
        let (icon, tone) = match line.took {
            _ if line.is_broken => ("cross", "bad-ink"),
            Some(_) => ("check", "ok-ink"),
            None => ("running", "run-ink"),
        };
        html! {
            <li>
                <span class=tone>
                    <Icon name=icon />
                </span>
                <span class="what">{line.text}</span>
                <span class="note">
                    {match line.took {
                        _ if line.is_broken => "refused".to_owned(),
                        Some(took) => seconds(took),
                        None => "now".to_owned(),
                    }}
                </span>
            </li>
        }
    };
    Some(html! {
        <h2>"Log, newest first"</h2>
        <ol class="card migrations" reversed="" aria-label="Log">
            {lines.into_iter().rev().map(line).collect_view()}
        </ol>
    })
}

fn seconds(span: Duration) -> String {
    match span.as_millis() {
        milliseconds @ 0..1000 => format!("{milliseconds} ms"),
        _ => format!("{:.1} s", span.as_secs_f64()),
    }
}
