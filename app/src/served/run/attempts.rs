//! The tries of a run: who held it, for how long, how it ended and why.

use crate::components::Empty;
use crate::served::parts::{pill, stamp, table};
use crate::time;
use crate::views::AttemptView;
use db::reads::AttemptRow;
use leptos::prelude::*;

/// One row per try, oldest first.
pub(super) async fn draw(conn: &mut db::PgConnection, run_id: &str) -> db::Result<AnyView> {
    let attempts = runs::read::attempts(conn, run_id).await?;
    if attempts.is_empty() {
        return Ok(html! {
            <section class="card pane">
                <Empty title="No worker has claimed it yet." hint="Each claim is an attempt; it is listed here with its worker." />
            </section>
        });
    }
    let headings = ["Attempt", "Outcome", "Worker", "Claimed", ">Took", "Why"];
    Ok(table("Attempts", &headings, attempts.into_iter().map(row).collect()))
}

fn row(attempt: AttemptRow) -> AnyView {
    let took = attempt
        .ended_at
        .map(|ended_at| time::span((ended_at - attempt.claimed_at).num_milliseconds()));
    let claimed = stamp(attempt.claimed_at);
    let attempt = AttemptView::from(attempt);
    let tone = match attempt.outcome.as_str() {
        "success" => "ok",
        "failed" | "timeout" => "bad",
        "lost" => "warn",
        "running" => "run",
        "suspended" => "wait",
        _ => "idle",
    };
    let why = attempt.error.map(|error| {
        html! {
            {error.message}
            {error.hint.filter(|hint| !hint.is_empty()).map(|hint| html! { <span class="note">" " {hint}</span> })}
            {error.step.map(|step| html! { <span class="note">" in step " <code>{step}</code></span> })}
        }
    });
    html! {
        <tr>
            <th scope="row">{attempt.attempt}</th>
            <td>{pill(attempt.outcome, tone)}</td>
            <td>{attempt.worker}</td>
            <td>{claimed}</td>
            <td class="r">{took.unwrap_or_else(|| "so far".to_owned())}</td>
            <td class="wrap">{why}</td>
        </tr>
    }
}
