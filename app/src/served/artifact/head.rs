//! Everything about an artifact but its content.

use super::{Known, content_of, link};
use crate::components::Icon;
use crate::served::Ask;
use crate::served::parts::{ago, bytes};
use db::reads::ArtifactRow;
use leptos::prelude::*;
use runs::artifacts::sniff::Sniffed;

/// Where it comes from, what it is, how to check it.
pub(super) fn facts(ask: &Ask, known: &Known, sniffed: Sniffed) -> AnyView {
    let row = &known.row;
    let fact = |name: &'static str, value: AnyView| html! { <div><dt>{name}</dt><dd>{value}</dd></div> };
    let run = html! { <a href=format!("/runs/{}", row.run_id)><code>{row.run_id.clone()}</code></a> };
    let step = row
        .step
        .clone()
        .map_or_else(|| "–".into_any(), |step| html! { <code>{step}</code> });
    let sum = html! {
        <span class="row tight">
            <code id="sha256" class="cut" title=row.sha256.clone()>{row.sha256.clone()}</code>
            <button type="button" class="btn sm" data-copy="sha256">"Copy"</button>
        </span>
    };
    html! {
        {differs(row, sniffed)}
        <section class="card pane" aria-label="About it">
            <dl class="facts-list artifact-facts">
                {fact("Run", run)} {fact("Step", step)} {fact("Type", sniffed.words().into_any())}
                {fact("Size", html! { <span title=format!("{} bytes", row.size_bytes)>{bytes(row.size_bytes)}</span> })}
                {fact("Made", ago(row.created_at))} {fact("SHA-256", sum)}
            </dl>
            {link::share(ask, row)}
        </section>
    }
}

/// A step called it something else than it is.
fn differs(row: &ArtifactRow, sniffed: Sniffed) -> Option<AnyView> {
    let words = match sniffed {
        _ if !sniffed.fits(&row.content_type) => format!(
            "The step called it {}, but its bytes are {}. It is shown as what it is.",
            row.content_type,
            with_article(sniffed)
        ),
        Sniffed::Html | Sniffed::Svg => format!(
            "{} is shown as its text: nothing in it runs or loads here.",
            sniffed.words()
        ),
        _ => return None,
    };
    Some(html! {
        <p class="notice">
            <Icon name="warn" />
            <span>{words}</span>
        </p>
    })
}

fn with_article(sniffed: Sniffed) -> String {
    let words = sniffed.words();
    match sniffed {
        Sniffed::Image(_) | Sniffed::Zip | Sniffed::Gzip | Sniffed::Pdf | Sniffed::Diff => {
            let article = if words.starts_with(['A', 'S']) && words != "SVG drawing" {
                "an"
            } else {
                "a"
            };
            format!("{article} {words}")
        }
        Sniffed::Svg => format!("an {words}"),
        _ => words.to_owned(),
    }
}

/// Its neighbours in the run, and the download.
pub(super) fn actions(known: &Known) -> AnyView {
    let at = known
        .siblings
        .iter()
        .position(|sibling| sibling.artifact_id == known.row.artifact_id)
        .unwrap_or_default();
    let neighbour = |sibling: Option<&ArtifactRow>, word: &'static str, rel: &'static str| {
        sibling.map(|sibling| {
            let label = format!("{word}: {}", sibling.name);
            html! {
                <a class="btn" rel=rel href=format!("/artifacts/{}", sibling.artifact_id) aria-label=label.clone() title=label>
                    {word}
                </a>
            }
        })
    };
    let before = at.checked_sub(1).and_then(|at| known.siblings.get(at));
    html! {
        {neighbour(before, "Previous", "prev")} {neighbour(known.siblings.get(at + 1), "Next", "next")}
        <a class="btn primary" href=content_of(known.row.artifact_id) rel="external" download=known.row.name.clone()>
            <Icon name="download" />
            "Download"
        </a>
    }
}
