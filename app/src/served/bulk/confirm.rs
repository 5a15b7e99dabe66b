//! `/bulk/new`: what an operation would do, before it is done. The list shows the same in a dialog.

use super::words;
use crate::api::PageError;
use crate::components::Icon;
use crate::served::{
    Ask, Page,
    parts::refusal,
    run_list::{chips, status},
};
use crate::time;
use domain::{Permission, filter::Filter};
use leptos::prelude::*;
use runs::bulk::{MOST, Preview, Selection};

/// More runs than this ask for their number to be typed.
pub(crate) const UNTYPED: i64 = 50;

/// The page.
pub(in crate::served) async fn page(ask: &Ask) -> Result<Page, PageError> {
    ask.require(Permission::ManageOwnRuns)?;
    let verb = ask.query("verb").unwrap_or_default();
    if !["cancel", "retry", "rerun"].contains(&verb) {
        return Err(PageError::new(
            422,
            "invalid_field",
            "Say what to do: cancel, retry or rerun.",
            Some("Go back to the runs and press one of the buttons."),
        ));
    }
    // What is relative is fixed here, so that what is confirmed is what was shown.
    let asked = Filter::parse(ask.query("filter").unwrap_or_default());
    let filter = runs::filter::frozen(&asked, ask.services.now(), &ask.claims);
    let run_ids: Vec<String> = ask
        .pairs()
        .iter()
        .filter(|(key, _)| key == "run")
        .map(|(_, run_id)| run_id.clone())
        .collect();
    let is_whole = ask.query("all").is_some();
    let selection = if is_whole {
        if !filter.is_narrow() || !filter.problems.is_empty() {
            return Err(PageError::new(
                422,
                "invalid_field",
                "A filter says something about the runs it names.",
                Some("Narrow the list first."),
            ));
        }
        Selection::of(&filter, ask.services.now(), &ask.claims)
    } else {
        Selection::Runs(run_ids.clone())
    };
    let mut tx = ask.services.begin(&ask.claims).await?;
    let preview = runs::bulk::preview(&mut tx, &selection).await?;
    drop(tx);
    let title = format!("{} {}?", words::verb(verb), words::runs(preview.count));
    if preview.count == 0 {
        let body = html! {
            <p class="strong">"There is no run to do this to."</p>
            <p class="note">"Mark some runs, or choose all that fit."</p>
            <p><a class="btn" href="/runs">"Back to the runs"</a></p>
        };
        return Ok(Page::new(ask, "Nothing is marked", body).narrow());
    }
    if preview.is_too_many {
        let body = html! {
            <p class="strong">{format!("One operation takes at most {} runs.", time::count(MOST))}</p>
            <p class="note">"Narrow the filter, for example by lane or time, and do it in parts."</p>
            <p><a class="btn" href="/runs">"Back to the runs"</a></p>
        };
        return Ok(Page::new(ask, "Too many runs", body).narrow());
    }
    let wish = Wish {
        verb,
        filter: is_whole.then_some(&filter),
        run_ids: &run_ids,
        preview: &preview,
    };
    Ok(Page::new(ask, title, form(ask, &wish)).narrow())
}

struct Wish<'a> {
    verb: &'a str,
    filter: Option<&'a Filter>,
    run_ids: &'a [String],
    preview: &'a Preview,
}

fn form(ask: &Ask, wish: &Wish<'_>) -> AnyView {
    let count = wish.preview.count;
    let back = wish
        .filter
        .map_or_else(|| "/runs".to_owned(), |filter| format!("/runs?{filter}"));
    let typed = (count > UNTYPED).then(|| {
        html! {
            <div class="form-field">
                <label for="bulk-typed">{format!("Type {count} to go on")}</label>
                <input id="bulk-typed" name="typed" required=true inputmode="numeric" autocomplete="off" autofocus=true pattern=count.to_string() title=format!("The number of runs: {count}") />
            </div>
        }
    });
    let own_only = (!ask.may(Permission::ManageRuns)).then(|| {
        html! { <p class="note">"Runs that are not yours are refused one by one and listed with the outcome."</p> }
    });
    let class = if wish.verb == "cancel" {
        "btn danger"
    } else {
        "btn primary"
    };
    html! {
        <form method="post" action="/fn/start_bulk" class="bulk-form" aria-label="Before it is done">
            <input type="hidden" name="verb" value=wish.verb.to_owned() />
            <input type="hidden" name="filter" value=wish.filter.map(ToString::to_string).unwrap_or_default() />
            <input type="hidden" name="runs" value=if wish.filter.is_some() { String::new() } else { wish.run_ids.join(",") } />
            <input type="hidden" name="expected_count" value=count.to_string() />
            {wish.filter.map(|filter| chips(filter, |_| None))}
            <ul class="forecast">{forecast(wish)}</ul>
            {sample(ask, wish.preview)}
            {own_only}
            {refusal()}
            <div class="form-field">
                <label for="bulk-note">"Reason, for the others"</label>
                <input id="bulk-note" name="note" maxlength="500" autocomplete="off" />
            </div>
            {typed}
            <div class="row end">
                <a class="btn" href=back>"Keep them as they are"</a>
                <button type="button" class="btn" data-close="">"Keep them as they are"</button>
                <button class=class autofocus={count <= UNTYPED}>
                    <Icon name=if wish.verb == "cancel" { "canceled" } else { "retry" } />
                    {format!("{} {}", words::verb(wish.verb), words::runs(count))}
                </button>
            </div>
        </form>
    }
}

/// What becomes of the runs, by the status they have now.
fn forecast(wish: &Wish<'_>) -> Vec<AnyView> {
    let Some(by_status) = &wish.preview.by_status else {
        // Counted in the tables of the queue: all of them are open.
        let (_, words) = words::forecast(wish.verb, "queued");
        return vec![
            html! { <li>{format!("{}, none of which has ended, {words}.", words::runs(wish.preview.count))}</li> },
        ];
    };
    let mut lines: Vec<AnyView> = by_status
        .iter()
        .map(|(status, count)| {
            let (happens, words) = words::forecast(wish.verb, status);
            html! {
                <li class=if happens { "" } else { "note" }>
                    <b>{time::count(*count)}</b>
                    {format!(" {status} {words}.")}
                </li>
            }
        })
        .collect();
    let known: i64 = by_status.iter().map(|(_, count)| count).sum();
    if known < wish.preview.count {
        let gone = wish.preview.count - known;
        lines.push(
            html! { <li class="note">{format!("{} cannot be found and will be refused.", words::runs(gone))}</li> },
        );
    }
    lines
}

fn sample(ask: &Ask, preview: &Preview) -> AnyView {
    let rows = preview
        .sample
        .iter()
        .map(|run| {
            html! {
                <li class="row">
                    {status(run, ask.now())}
                    <span class="cut" title=run.title.clone()>{run.title.clone()}</span>
                    <code>{run.run_id.clone()}</code>
                </li>
            }
        })
        .collect_view();
    let more = preview.count - preview.sample.len() as i64;
    html! {
        <details open={preview.count <= 5}>
            <summary>{if more > 0 { format!("The newest {}", preview.sample.len()) } else { "Which".to_owned() }}</summary>
            <ul class="bulk-sample">{rows}</ul>
            {(more > 0).then(|| html! { <p class="note">{format!("and {} more", time::count(more))}</p> })}
        </details>
    }
}
