//! What a run left behind.

use crate::api::PageError;
use crate::components::{Empty, Icon};
use crate::served::parts::bytes;
use db::reads::ArtifactRow;
use leptos::prelude::*;
use runs::Services;

/// Most bytes shown in the page; the rest is for the download.
const MOST_BYTES: usize = 262_144;

/// Name, size, step; view and download.
pub(super) async fn draw(conn: &mut db::PgConnection, run_id: &str) -> db::Result<AnyView> {
    let artifacts = runs::read::artifacts(conn, run_id).await?;
    if artifacts.is_empty() {
        return Ok(html! {
            <section class="card pane">
                <Empty title="Nothing was left behind." hint="A step leaves an artifact by writing into its artifacts folder." />
            </section>
        });
    }
    let lines = artifacts.into_iter().map(line).collect_view();
    Ok(html! {
        <section class="card pane" aria-label="Artifacts">
            <ul class="artifacts">{lines}</ul>
        </section>
    })
}

fn line(artifact: ArtifactRow) -> AnyView {
    let (id, name) = (artifact.artifact_id, artifact.name.clone());
    let view = is_text(&artifact).then(|| {
        html! {
            <a class="btn sm" data-noscroll="true" href=format!("?tab=artifacts&at={id}") aria-label=format!("View {name}")>
                "View"
            </a>
        }
    });
    html! {
        <li>
            <Icon name="file" />
            <span class="cut name" title=name.clone()>{name.clone()}</span>
            <span class="note">{artifact.kind}</span>
            <span class="note">{bytes(artifact.size_bytes)}</span>
            <span class="note cut">{artifact.step}</span>
            <span class="grow"></span>
            {view}
            <a class="btn sm" href=format!("/api/artifacts/{id}/content") rel="external" download=name.clone() aria-label=format!("Download {name}")>
                <Icon name="download" />
                "Download"
            </a>
        </li>
    }
}

/// The beginning of the artifact `at` of this run, as text that is never executed.
pub(super) async fn opened(
    services: &Services,
    mut tx: db::Transaction,
    run_id: &str,
    at: &str,
) -> Result<Option<AnyView>, PageError> {
    let Ok(id) = at.parse() else { return Ok(None) };
    let row = runs::read::artifact(&mut tx, id).await?;
    let Some(row) = row.filter(|row| row.run_id == run_id && is_text(row)) else {
        return Ok(None);
    };
    let (Some(store), Some(opened)) = (services.store(), runs::artifacts::open(&mut tx, &row).await?) else {
        return Ok(None);
    };
    // The store may be slow; no transaction waits for it.
    drop(tx);
    let Ok(bytes) = opened.beginning(store, MOST_BYTES as u64 + 1).await else {
        return Ok(None);
    };
    let is_cut = bytes.len() > MOST_BYTES;
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(MOST_BYTES)]).into_owned();
    Ok(Some(html! {
        <section class="card pane" aria-label=row.name.clone()>
            <h2>{row.name.clone()}</h2>
            <pre class="text" tabindex="0">{text}</pre>
            {is_cut.then(|| html! { <p class="note">"This is the beginning; the download has all of it."</p> })}
        </section>
    }))
}

fn is_text(artifact: &ArtifactRow) -> bool {
    matches!(artifact.kind.as_str(), "text" | "markdown" | "json" | "diff" | "report")
        || artifact.content_type.starts_with("text/")
        || artifact.content_type.starts_with("application/json")
}
