//! What a run left behind.

use crate::components::{Empty, Icon};
use crate::served::parts::bytes;
use db::reads::ArtifactRow;
use leptos::prelude::*;

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
    html! {
        <li>
            <Icon name="file" />
            <a class="cut name" title=name.clone() href=format!("/artifacts/{id}")>{name.clone()}</a>
            <span class="note">{artifact.kind}</span>
            <span class="note">{bytes(artifact.size_bytes)}</span>
            <span class="note cut">{artifact.step}</span>
            <span class="grow"></span>
            <a class="btn sm" href=format!("/artifacts/{id}") aria-label=format!("View {name}")>"View"</a>
            <a class="btn sm" href=format!("/api/artifacts/{id}/content") rel="external" download=name.clone() aria-label=format!("Download {name}")>
                <Icon name="download" />
                "Download"
            </a>
        </li>
    }
}
