//! `/palette`: everything one can go to, by a few letters. The palette of the browser shows its list; without a
//! script it is a page like others.

mod rank;

use super::{Ask, Page};
use crate::api::PageError;
use crate::shell::RAIL;
use db::reads::RunFilter;
use domain::Permission;
use leptos::prelude::*;
use rank::rank;

/// Entries that are shown.
const SHOWN: usize = 12;
/// Runs that are looked for.
const RUNS: i64 = 6;

/// Somewhere to go.
struct Entry {
    href: String,
    title: String,
    /// What kind of thing it is.
    kind: &'static str,
    /// Small, beside the title.
    note: String,
    score: i32,
}

/// The page, or with `?part=list` the list alone.
pub(super) async fn page(ask: &Ask) -> Result<Page, PageError> {
    let query = ask.query("q").unwrap_or_default().trim();
    let entries = entries(ask, query).await?;
    if ask.query("part").is_some() {
        return Ok(Page::piece(list(entries)));
    }
    let links = entries
        .into_iter()
        .map(|entry| {
            html! {
                <li>
                    <a href=entry.href>{entry.title}</a>
                    <span class="note">{entry.kind} " " {entry.note}</span>
                </li>
            }
        })
        .collect_view();
    let body = html! {
        <form class="row bar question" method="get" action="/palette" role="search" aria-label="Anything">
            <div class="form-field">
                <label for="palette-q">"A page, a template, a view, a run"</label>
                <input id="palette-q" type="search" name="q" value=query.to_owned() autocomplete="off" />
            </div>
            <button class="btn">"Find"</button>
        </form>
        <ul class="card rows">{links}</ul>
    };
    Ok(Page::new(ask, "Go to", body).narrow())
}

/// As the options of the palette's field.
fn list(entries: Vec<Entry>) -> AnyView {
    if entries.is_empty() {
        return html! { <p class="note">"Nothing is called that. Try fewer letters, or the beginning of a run's id."</p> };
    }
    entries
        .into_iter()
        .enumerate()
        .map(|(at, entry)| {
            html! {
                <a role="option" id=format!("palette-{at}") href=entry.href tabindex="-1" aria-selected=if at == 0 { "true" } else { "false" }>
                    <span class="cut">{entry.title}</span>
                    <span class="note cut">{entry.note}</span>
                    <span class="chip">{entry.kind}</span>
                </a>
            }
        })
        .collect_view()
        .into_any()
}

async fn entries(ask: &Ask, query: &str) -> Result<Vec<Entry>, PageError> {
    let mut tx = ask.services.begin(&ask.claims).await?;
    let mut found = pages(ask, query);
    let may_start = ask.may(Permission::ManageRuns);
    for template in runs::read::templates(&mut tx).await? {
        let score = rank(query, &template.title).or_else(|| rank(query, &template.slug));
        let (href, title) = if may_start {
            (
                format!("/templates/{}/run", template.slug),
                format!("Start {}", template.title),
            )
        } else {
            (format!("/templates/{}", template.slug), template.title)
        };
        // Who reads "Start Log digest" types that.
        let Some(score) = score.or_else(|| rank(query, &title)) else {
            continue;
        };
        // Behind pages that fit as well.
        found.push(Entry {
            href,
            title,
            kind: "Template",
            note: template.slug,
            score: score - 1,
        });
    }
    for view in runs::views::list(&mut tx).await? {
        if let Some(score) = rank(query, &view.name) {
            let (href, note) = (format!("/runs?{}", view.query), view.query);
            found.push(Entry {
                href,
                title: view.name,
                kind: "View",
                note,
                score: score - 1,
            });
        }
    }
    if query.chars().count() > 1 {
        let filter = RunFilter {
            text: Some(query.to_owned()),
            ..RunFilter::default()
        };
        let page = runs::read::list_runs(&mut tx, &filter, None, RUNS).await?;
        found.extend(page.runs.into_iter().map(|run| Entry {
            href: format!("/runs/{}", run.run_id),
            title: run.title,
            kind: "Run",
            note: run.run_id,
            score: 0,
        }));
    }
    // A stable order: pages, templates, runs as they came.
    found.sort_by_key(|entry| std::cmp::Reverse(entry.score));
    found.truncate(SHOWN);
    Ok(found)
}

fn pages(ask: &Ask, query: &str) -> Vec<Entry> {
    RAIL.iter()
        .flat_map(|(section, pages)| pages.iter().map(move |page| (section, page)))
        .filter(|(_, (.., permission))| ask.may(*permission))
        .filter_map(|(section, (href, title, ..))| {
            Some(Entry {
                href: (*href).to_owned(),
                title: (*title).to_owned(),
                kind: "Page",
                note: (*section).to_owned(),
                score: rank(query, title)?,
            })
        })
        .collect()
}
