//! `/artifacts/{id}`: what a step left behind, drawn by what its bytes are.
//!
//! Names and labels come from steps and choose nothing but the harmless: which of the ways to draw text is offered
//! first. Nothing of an artifact runs: markdown passes two sieves, everything else is letters. Each way to draw is a
//! file here; [`bytes`] says how much is read.

mod bytes;
mod compare;
mod diff;
mod head;
mod images;
mod link;
mod marked;
mod picker;
mod shape;
mod sheet;
mod source;
mod tree;
mod tree_draw;
mod tree_search;
mod zip;
mod zip_list;

use super::{Ask, Page};
use crate::api::PageError;
use bytes::Content;
use db::reads::ArtifactRow;
use leptos::prelude::*;
use runs::artifacts::{Earlier, Opened, Store};
use shape::Shape;
use uuid::Uuid;

/// Earlier ones that a picker offers.
const OFFERED: i64 = 25;

/// An artifact with everything around it that the page shows.
struct Known {
    row: ArtifactRow,
    /// All artifacts of its run, in the order of the run's page.
    siblings: Vec<ArtifactRow>,
    /// What earlier runs left under the same name, newest first.
    earlier: Vec<Earlier>,
    opened: Opened,
}

/// The page.
pub(super) async fn page(ask: &Ask, id: &str) -> Result<Page, PageError> {
    let known = find(ask, id.parse().map_err(|_| missing())?).await?;
    let content = bytes::read(store(ask)?, &known.opened).await?;
    let shape = Shape::of(&known.row, &content);
    let view = shape.chosen(ask.query("view"));
    let drawn = draw(ask, &known, content, shape, view).await?;
    let body = html! {
        {head::facts(ask, &known, drawn.sniffed)} {tabs(&known.row, shape, view)} {drawn.body}
    };
    let actions = head::actions(&known);
    Ok(Page::new(ask, known.row.name.clone(), body).actions(actions))
}

/// What was drawn, and what the bytes turned out to be.
struct Drawn {
    body: AnyView,
    sniffed: runs::artifacts::sniff::Sniffed,
}

async fn draw(ask: &Ask, known: &Known, content: Content, shape: Shape, view: &str) -> Result<Drawn, PageError> {
    let sniffed = content.sniffed;
    let body = match (shape, view) {
        (_, "diff") => compare::draw(ask, known).await?,
        (Shape::Image(_), "compare") => images::compare(ask, known, &content).await?,
        (Shape::Image(_), _) => images::draw(known, &content),
        (Shape::Markdown, "rendered") => marked::draw(content).await?,
        (Shape::Json, "tree") => tree::draw(ask, content).await?,
        (Shape::Sheet(delimiter), "table") => sheet::draw(&content, delimiter),
        (Shape::Zip, _) => zip::draw(ask, known).await?,
        (Shape::Opaque, _) => opaque(known, &content),
        (Shape::Markdown | Shape::Json | Shape::Sheet(_) | Shape::Terminal | Shape::Code(_), _) => {
            source::draw(ask, content, shape.language()).await?
        }
    };
    Ok(Drawn { body, sniffed })
}

fn tabs(row: &ArtifactRow, shape: Shape, view: &str) -> Option<AnyView> {
    let tabs = shape.views();
    if tabs.len() < 2 {
        return None;
    }
    let links = tabs
        .iter()
        .map(|(word, label)| {
            let href = format!("/artifacts/{}?view={word}", row.artifact_id);
            html! { <a href=href data-noscroll="true" aria-current=(*word == view).then_some("page")>{*label}</a> }
        })
        .collect_view();
    Some(html! {
        <nav class="tabs" aria-label="Ways to see it">
            {links}
        </nav>
    })
}

fn opaque(known: &Known, content: &Content) -> AnyView {
    use runs::artifacts::sniff::Sniffed;
    let words = match content.sniffed {
        Sniffed::Empty => "It is empty: the step made it and wrote nothing into it.",
        _ => "There is no way to show these bytes here. Download them and open them with their own program.",
    };
    html! {
        <section class="card pane" aria-label=known.row.name.clone()>
            <p>{words}</p>
        </section>
    }
}

async fn find(ask: &Ask, id: Uuid) -> Result<Known, PageError> {
    let mut tx = ask.services.begin(&ask.claims).await?;
    let row = runs::read::artifact(&mut tx, id).await?.ok_or_else(missing)?;
    Ok(Known {
        siblings: runs::read::artifacts(&mut tx, &row.run_id).await?,
        earlier: runs::artifacts::earlier_ones(&mut tx, id, OFFERED).await?,
        opened: runs::artifacts::open(&mut tx, &row).await?.ok_or_else(missing)?,
        row,
    })
}

/// An artifact by its id, such as the other side of a comparison.
async fn other(ask: &Ask, id: Uuid) -> Result<(ArtifactRow, Opened), PageError> {
    let mut tx = ask.services.begin(&ask.claims).await?;
    let row = runs::read::artifact(&mut tx, id).await?.ok_or_else(missing)?;
    let opened = runs::artifacts::open(&mut tx, &row).await?.ok_or_else(missing)?;
    Ok((row, opened))
}

fn missing() -> PageError {
    let mut error = PageError::not_found("artifact");
    error.hint = Some("It may be mistyped, or retention has removed its run.".to_owned());
    error
}

fn store(ask: &Ask) -> Result<&Store, PageError> {
    ask.services
        .store()
        .ok_or_else(|| PageError::new(500, "broken", "This server has no object store.", None))
}

/// Address of the bytes.
fn content_of(id: Uuid) -> String {
    format!("/api/artifacts/{id}/content")
}

/// Text work that takes a while, beside the requests of others.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, PageError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| PageError::new(500, "broken", "Drawing this broke off.", Some("Download it instead.")))
}
