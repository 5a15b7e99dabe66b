//! `/templates`: what can be started.

use crate::api::PageError;
use crate::components::{Empty, Icon};
use crate::served::{Ask, Page, parts::ago};
use crate::state::run_word;
use crate::time;
use db::reads::{TemplateRow, TemplateRun};
use domain::Permission;
use leptos::prelude::*;

/// Runs shown with each template.
const LAST_RUNS: i64 = 5;

/// The page.
pub(super) async fn page(ask: &Ask) -> Result<Page, PageError> {
    let mut tx = ask.services.begin(&ask.claims).await?;
    let wanted = ask.query("q").unwrap_or_default().to_lowercase();
    let fits = |row: &TemplateRow| {
        [&row.slug, &row.title, &row.description]
            .iter()
            .any(|text| text.to_lowercase().contains(&wanted))
    };
    let templates = runs::read::templates(&mut tx).await?;
    let archived = runs::read::archived_templates(&mut tx).await?;
    let last = runs::read::template_runs(&mut tx, LAST_RUNS).await?;
    let (may_start, has_any) = (ask.may(Permission::ManageRuns), !templates.is_empty());
    let rows: Vec<AnyView> = templates
        .into_iter()
        .filter(fits)
        .map(|template| {
            let runs = last.iter().filter(|run| run.slug == template.slug).collect();
            row(template, runs, may_start)
        })
        .collect();
    let list = match (rows.is_empty(), has_any) {
        (false, _) => html! { <ul class="card rows template-rows">{rows}</ul> },
        (true, true) => {
            html! { <Empty title="No template fits." hint="Search for fewer letters of its name or of what it is for." /> }
        }
        (true, false) => {
            html! { <Empty title="There are no templates yet." hint="Create one here, or add one with runboard template apply FILE." /> }
        }
    };
    let archived: Vec<AnyView> = archived
        .into_iter()
        .filter(fits)
        .map(|row| put_away(row, may_start))
        .collect();
    let put_away = (!archived.is_empty()).then(|| {
        html! {
            <details class="more put-away">
                <summary>{format!("Archived ({})", archived.len())}</summary>
                <ul class="card rows template-rows">{archived}</ul>
            </details>
        }
    });
    let body = html! { {question(ask)} {list} {put_away} };
    let new = if may_start {
        html! { <a class="btn primary" href="/templates/new">"New template"</a> }
    } else {
        ().into_any()
    };
    Ok(Page::new(ask, "Templates", body).actions(new))
}

fn question(ask: &Ask) -> AnyView {
    let asked = ask.query("q").unwrap_or_default().to_owned();
    let all = (!asked.is_empty()).then(|| html! { <a class="btn quiet" href="/templates">"All"</a> });
    html! {
        <form class="row find" method="get" action="/templates" role="search" aria-label="Templates">
            <input type="search" id="find-template" name="q" value=asked placeholder="Name or purpose" aria-label="Search templates" />
            <button class="btn">"Find"</button>
            {all}
        </form>
    }
}

fn row(template: TemplateRow, runs: Vec<&TemplateRun>, may_start: bool) -> AnyView {
    let address = format!("/templates/{}", template.slug);
    let runs = runs.into_iter().map(run).collect_view();
    let buttons = may_start.then(|| {
        html! {
            <a class="btn quiet" href=format!("{address}/edit") aria-label=format!("Edit {}", template.title)>"Edit"</a>
            <a class="btn" href=format!("{address}/run") aria-label=format!("Start {}", template.title)>
                <Icon name="play" />
                "Start"
            </a>
        }
    });
    html! {
        <li>
            <div class="text">
                <h2>
                    <a href=address>{template.title.clone()}</a>
                </h2>
                <p class="note">{template.description}</p>
            </div>
            <span class="last-runs">{runs}</span>
            <span class="chip" title="The lane its runs flow in">"lane " {template.lane}</span>
            <span class="note">"version " {template.latest_version}</span>
            <span class="row">{buttons}</span>
        </li>
    }
}

/// A run as its shape alone; the word is said to who cannot see it.
fn run(run: &TemplateRun) -> AnyView {
    let (word, tone, icon) = run_word(&run.status);
    let at = time::stamp(run.created_at.timestamp_millis());
    let words = format!("{word}, {at}");
    html! {
        <a class=format!("pill {tone}") href=format!("/runs/{}", run.run_id) title=words.clone() aria-label=words>
            <Icon name=icon />
        </a>
    }
}

fn put_away(template: TemplateRow, may_restore: bool) -> AnyView {
    let restore = may_restore.then(|| {
        html! {
            <form method="post" action="/fn/restore_template" data-done="It is in the list again.">
                <input type="hidden" name="slug" value=template.slug.clone() />
                <input type="hidden" name="version" value=template.latest_version.to_string() />
                <button class="btn" aria-label=format!("Restore {}", template.title)>"Restore"</button>
            </form>
        }
    });
    html! {
        <li>
            <div class="text">
                <h2>
                    <a href=format!("/templates/{}", template.slug)>{template.title.clone()}</a>
                </h2>
                <p class="note">{template.description}</p>
            </div>
            <span class="note">"archived " {ago(template.updated_at)}</span>
            {restore}
        </li>
    }
}
