//! What differs between this artifact and another.

use super::{Known, aside, bytes, content_of, diff, other, picker, store};
use crate::api::PageError;
use crate::served::Ask;
use db::reads::ArtifactRow;
use leptos::prelude::*;
use runs::artifacts::{Diff, Manner, Opened};

/// Larger artifacts are not compared here.
const MOST: u64 = 1024 * 1024;

/// The question and the answer.
pub(super) async fn draw(ask: &Ask, known: &Known) -> Result<AnyView, PageError> {
    let Some(against) = picker::chosen(ask, known) else {
        return Ok(html! {
            {picker::question(ask, known, None)}
            <section class="card pane" aria-label="Difference">
                <p>"No earlier run of this template left an artifact of this name in this environment. Choose another of this run, or enter an id."</p>
            </section>
        });
    };
    let (older, old) = other(ask, against).await?;
    let answer = match too_large(&older, &old).or_else(|| too_large(&known.row, &known.opened)) {
        Some(name) => too_large_words(&name, known, &older),
        None => answer(ask, known, &older, &old).await?,
    };
    Ok(html! { {picker::question(ask, known, Some(&older))} {answer} })
}

async fn answer(ask: &Ask, known: &Known, older: &ArtifactRow, old: &Opened) -> Result<AnyView, PageError> {
    let store = store(ask)?;
    let old = bytes::part(store, old, 0..old.size_bytes()).await?;
    let new = bytes::part(store, &known.opened, 0..known.opened.size_bytes()).await?;
    let label = |row: &ArtifactRow| format!("{}/{}", row.run_id, row.name);
    let (old_name, new_name) = (label(older), label(&known.row));
    let manner = if ask.query("as") == Some("lines") {
        Manner::Lines
    } else {
        Manner::Values
    };
    let layout = if ask.query("layout") == Some("split") {
        diff::Layout::Split
    } else {
        diff::Layout::Unified
    };
    let drawn = aside(move || {
        let diff = runs::artifacts::diff((&old_name, &old), (&new_name, &new), manner);
        let table = match &diff {
            Diff::Lines { hunks, .. } => diff::table(hunks, layout),
            Diff::Same | Diff::Binary => Default::default(),
        };
        (diff, table)
    })
    .await?;
    let (diff, (rows, is_cut)) = drawn;
    Ok(match diff {
        Diff::Same => words("Nothing differs."),
        Diff::Binary => words("They differ, and at least one of them is no text. Download both to compare them."),
        Diff::Lines {
            is_json,
            added_count,
            removed_count,
            ..
        } => {
            let class = if layout == diff::Layout::Split {
                "changes split"
            } else {
                "changes"
            };
            let table = format!("<table class=\"{class}\"><tbody>{rows}</tbody></table>");
            let how = if is_json {
                " Compared by values, names in order."
            } else {
                ""
            };
            html! {
                <section class="card pane" aria-label="Difference">
                    <p class="note">{format!("{} came, {removed_count} went.{how}", lines(added_count))}</p>
                    <div class="changes-frame" role="region" aria-label="Lines that differ" tabindex="0" inner_html=table></div>
                    {is_cut.then(|| html! { <p class="note">"These are the first 4,000 lines; download both to see the rest."</p> })}
                </section>
            }
        }
    })
}

fn lines(count: usize) -> String {
    if count == 1 {
        "1 line".to_owned()
    } else {
        format!("{count} lines")
    }
}

fn words(words: &'static str) -> AnyView {
    html! {
        <section class="card pane" aria-label="Difference">
            <p>{words}</p>
        </section>
    }
}

fn too_large(row: &ArtifactRow, opened: &Opened) -> Option<String> {
    (opened.size_bytes() > MOST).then(|| row.name.clone())
}

fn too_large_words(name: &str, known: &Known, older: &ArtifactRow) -> AnyView {
    let download = |row: &ArtifactRow, words: &'static str| {
        html! { <a class="btn" href=content_of(row.artifact_id) rel="external" download=row.name.clone()>{words}</a> }
    };
    html! {
        <section class="card pane" aria-label="Difference">
            <p>{format!("{name} is larger than 1 MiB: too large to be compared here. Download both and compare them yourself.")}</p>
            <p class="row tight">{download(older, "Download the older")} {download(&known.row, "Download this one")}</p>
        </section>
    }
}
