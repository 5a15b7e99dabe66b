//! `/templates/{slug}`: what a template does, and how it came to be.

use super::{facts, plan, versions};
use crate::api::PageError;
use crate::components::Icon;
use crate::served::{
    Ask, Page,
    parts::{pill, refusal},
};
use db::reads::TemplateVersion;
use domain::{Permission, Template};
use leptos::prelude::*;

/// The page.
pub(super) async fn page(ask: &Ask, slug: &str) -> Result<Page, PageError> {
    let mut tx = ask.services.begin(&ask.claims).await?;
    let newest = runs::read::template(&mut tx, slug, None).await?;
    let newest = newest.ok_or_else(|| PageError::not_found("template"))?;
    let shown = match ask.query("version").and_then(|number| number.parse().ok()) {
        Some(number) => runs::read::template(&mut tx, slug, Some(number)).await?,
        None => None,
    }
    .unwrap_or_else(|| newest.clone());
    let is_archived = !runs::read::templates(&mut tx).await?.iter().any(|row| row.slug == slug);
    let history = runs::read::template_versions(&mut tx, slug).await?;
    let compared = versions::compared(ask, &mut tx, slug, newest.version).await?;
    let definition: Option<Template> = serde_json::from_value(shown.definition.clone()).ok();
    let title = definition
        .as_ref()
        .map_or_else(|| slug.to_owned(), |template| template.title.clone());
    let may_edit = ask.may(Permission::ManageRuns);
    let old = (shown.version != newest.version).then(|| old_version(&shown, newest.version, may_edit));
    let about = definition.as_ref().map(|template| {
        html! {
            {facts::of(template, &shown)}
            <h2>"Steps"</h2>
            {plan::of(template)}
            <h2>"Parameters"</h2>
            {facts::params(template)}
        }
    });
    let unread = definition.is_none().then(|| {
        html! { <p class="note">"This version is written in words that this server does not know; a newer one saved it."</p> }
    });
    let away = is_archived.then(|| {
        html! {
            <p>
                {pill("archived", "idle")} " It starts no more runs. Restoring a version brings it back."
            </p>
        }
    });
    let body = html! {
        {away} {old} {about} {unread} <h2 id="versions">"Versions"</h2> {versions::list(ask, slug, history, newest.version)} {compared}
        <details class="more">
            <summary>{format!("Text of version {}", shown.version)}</summary>
            <pre class="text" tabindex="0">{shown.source.clone()}</pre>
        </details>
    };
    Ok(Page::new(ask, title, body).actions(actions(slug, may_edit, is_archived)))
}

fn actions(slug: &str, may_edit: bool, is_archived: bool) -> AnyView {
    let address = format!("/templates/{slug}");
    let runs = html! { <a class="btn quiet" href=format!("/runs?template={slug}")>"Its runs"</a> };
    if !may_edit {
        return runs;
    }
    let archive = (!is_archived).then(|| {
        html! {
            <button type="button" class="btn quiet" id="archive-open" popovertarget="archive">"Archive"</button>
            <div popover="auto" id="archive" class="dialog ask" role="dialog" aria-label="Archive this template">
                <form method="post" action="/fn/archive_template" data-done="It is archived.">
                    <p class="strong">"Archive this template?"</p>
                    <p class="note">"It starts no more runs, and its schedules stop. Its runs and versions stay, and it can be restored."</p>
                    {refusal()}
                    <input type="hidden" name="slug" value=slug.to_owned() />
                    <button class="btn danger">"Archive template"</button>
                </form>
            </div>
        }
    });
    let start = (!is_archived).then(|| {
        html! {
            <a class="btn primary" href=format!("{address}/run")>
                <Icon name="play" />
                "Start"
            </a>
        }
    });
    html! { {runs} {archive} <a class="btn" href=format!("{address}/edit")>"Edit"</a> {start} }
}

fn old_version(shown: &TemplateVersion, newest: i32, may_edit: bool) -> AnyView {
    let restore = may_edit.then(|| {
        html! {
            <form method="post" action="/fn/restore_template" data-done="It is the newest version now.">
                <input type="hidden" name="slug" value=shown.slug.clone() />
                <input type="hidden" name="version" value=shown.version.to_string() />
                <button class="btn">{format!("Restore as version {}", newest + 1)}</button>
                {refusal()}
            </form>
        }
    });
    html! {
        <div class="card pane older">
            <p>
                <span class="strong">{format!("This is version {}. ", shown.version)}</span>
                {format!("New runs use version {newest}.")}
            </p>
            <div class="row">
                <a class="btn quiet" href=format!("/templates/{}", shown.slug)>"To the newest"</a>
                {restore}
            </div>
        </div>
    }
}
