//! What a run left behind.

use super::Icon;
use crate::components::late::rows;
use crate::time;
use crate::views::ArtifactView;
use leptos::prelude::*;

/// Name, size, step; view and download.
#[component]
pub(crate) fn ArtifactList(
    /// The artifacts.
    #[prop(into)]
    artifacts: Signal<Vec<ArtifactView>>,
) -> impl IntoView {
    html! {
        <ul class="artifacts">
            {rows(move || artifacts.get(), |artifact| artifact.id.clone(), move |artifact| html! {
                <li>
                    <Icon name="file" />
                    <span class="cut name" title=artifact.name.clone()>{artifact.name.clone()}</span>
                    <span class="note">{artifact.kind.clone()}</span>
                    <span class="note">{time::bytes(artifact.size_bytes)}</span>
                    <span class="note cut">{artifact.step.clone()}</span>
                    <span class="grow"></span>
                    {is_text(&artifact)
                        .then(|| html! {
                            <a class="btn sm" href=format!("?tab=artifacts&artifact={}", artifact.id) aria-label=format!("View {}", artifact.name)>
                                "View"
                            </a>
                        })}
                    <a class="btn sm" href=format!("/api/artifacts/{}/content", artifact.id) rel="external" download=artifact.name.clone()
                        aria-label=format!("Download {}", artifact.name)>
                        <Icon name="download" />
                        "Download"
                    </a>
                </li>
            })}
        </ul>
    }
}

/// Whether the page can show it as text.
fn is_text(artifact: &ArtifactView) -> bool {
    matches!(artifact.kind.as_str(), "text" | "markdown" | "json" | "diff" | "report")
        || artifact.content_type.starts_with("text/")
        || artifact.content_type.starts_with("application/json")
}
