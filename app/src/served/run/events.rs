//! The story of a run, a page at a time.

use crate::components::Empty;
use crate::time;
use db::reads::{EventPlace, EventRow, RunRow};
use leptos::prelude::*;

/// Events on one page.
const SHOWN: usize = 200;
/// What stands in the address instead of a place to begin with the end.
const NEWEST: &str = "newest";

/// Oldest first, from the event after `at` on.
pub(super) async fn draw(conn: &mut db::PgConnection, row: &RunRow, at: &str) -> db::Result<AnyView> {
    let (mut events, begins): (Vec<EventRow>, bool) = if at == NEWEST {
        (runs::read::events(conn, &row.run_id, SHOWN as i64).await?, false)
    } else {
        // One more tells whether there is another page.
        let after: Option<EventPlace> = at.parse().ok();
        (
            runs::read::events_page(conn, &row.run_id, after, SHOWN as i64 + 1).await?,
            after.is_none(),
        )
    };
    let has_more = events.len() > SHOWN;
    events.truncate(SHOWN);
    let later = events
        .last()
        .filter(|_| has_more)
        .map(|last| EventPlace::of(last).to_string());
    let begin = row.started_at.unwrap_or(row.created_at).timestamp_millis();
    if events.is_empty() {
        return Ok(html! {
            <section class="card pane">
                <Empty title="Nothing is kept." hint="Retention removes events after so many days; the run itself stays." />
            </section>
        });
    }
    let pages = (!begins || later.is_some()).then(|| {
        html! {
            <nav class="row pager" aria-label="Pages of events">
                {(!begins).then(|| html! { <a class="btn sm" href="?tab=events" data-noscroll="true">"From the beginning"</a> })}
                <span class="grow"></span>
                {later.map(|later| html! {
                    <a class="btn sm" href=format!("?tab=events&at={later}") data-noscroll="true" rel="next">"Later"</a>
                    <a class="btn sm" href=format!("?tab=events&at={NEWEST}") data-noscroll="true">"Newest"</a>
                })}
            </nav>
        }
    });
    let rows = events.into_iter().map(|event| line(event, begin)).collect_view();
    Ok(html! {
        <section class="card pane" aria-label="Events">
            <ol class="events">{rows}</ol>
            {pages}
        </section>
    })
}

fn line(event: EventRow, begin: i64) -> AnyView {
    let at = event.at.timestamp_millis();
    let after = if at < begin {
        String::new()
    } else {
        format!("+{}", time::since(at - begin))
    };
    html! {
        <li class=format!("event {}", tone(&event.kind))>
            <time class="at" datetime=time::iso(at) title=time::stamp(at)>{time::clock(at)}</time>
            <span class="kind">{event.kind.replace('_', " ")}</span>
            <span class="what">{event.message}</span>
            <span class="ago" title="Since the run began">{after}</span>
        </li>
    }
}

fn tone(kind: &str) -> &'static str {
    match kind {
        "success" | "step_finished" => "ok",
        "failed" | "step_failed" => "bad",
        "lost" | "timeout" | "retry_scheduled" | "cancel_requested" | "log_truncated" => "warn",
        "claimed" | "step_started" | "resumed" => "run",
        _ => "idle",
    }
}
