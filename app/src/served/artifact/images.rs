//! Images: as large as they are, fitted, or beside what an earlier run left.

use super::{
    Known,
    bytes::{self, Content},
    content_of, other, picker, store,
};
use crate::api::PageError;
use crate::served::Ask;
use crate::served::parts::ago;
use db::reads::ArtifactRow;
use leptos::prelude::*;
use runs::artifacts::sniff;

/// Word, label, whether it is chosen at first.
const ZOOMS: [(&str, &str, bool); 4] = [
    ("fit", "Fit", true),
    ("1", "100 %", false),
    ("2", "200 %", false),
    ("4", "400 %", false),
];
/// How much of the newer image lies over the older one, in percent.
const REVEALS: [u8; 5] = [0, 25, 50, 75, 100];

/// One image with its zoom.
pub(super) fn draw(known: &Known, content: &Content) -> AnyView {
    let size = imagesize::blob_size(&content.bytes).ok();
    let zooms = ZOOMS
        .into_iter()
        .map(|(word, label, is_first)| radio("zoom", word, label, is_first))
        .collect_view();
    let words = size.map(|size| format!("{} × {} pixels", size.width, size.height));
    html! {
        <section class="card pane zoom" aria-label="Image">
            <fieldset class="segments">
                <legend class="sr">"Size"</legend>
                {zooms} <span class="grow"></span> <span class="note">{words}</span>
            </fieldset>
            <div class="image-frame" role="region" aria-label="Image, scrolls when it is larger" tabindex="0">
                {image(&known.row, size, format!("Content of {}", known.row.name))}
            </div>
        </section>
    }
}

/// This image and an older one.
pub(super) async fn compare(ask: &Ask, known: &Known, content: &Content) -> Result<AnyView, PageError> {
    let Some(against) = picker::chosen(ask, known) else {
        return Ok(html! {
            {picker::question(ask, known, None)}
            <section class="card pane" aria-label="Before and after">
                <p>"No earlier run of this template left an image of this name in this environment. Choose another of this run, or enter an id."</p>
            </section>
        });
    };
    let (older, opened) = other(ask, against).await?;
    let old = bytes::read(store(ask)?, &opened).await?;
    let question = picker::question(ask, known, Some(&older));
    if !matches!(old.sniffed, sniff::Sniffed::Image(_)) {
        return Ok(html! {
            {question}
            <section class="card pane" aria-label="Before and after">
                <p>{format!("{} of {} is no image: {}.", older.name, older.run_id, old.sniffed.words())}</p>
            </section>
        });
    }
    let (before, after) = (
        imagesize::blob_size(&old.bytes).ok(),
        imagesize::blob_size(&content.bytes).ok(),
    );
    let same = (older.sha256 == known.row.sha256)
        .then(|| html! { <p class="note" role="status">"Both have the same bytes."</p> });
    let before = image(&older, before, format!("Before: {}", older.name));
    let after = image(&known.row, after, format!("After: {}", known.row.name));
    let pair = if ask.query("layout") == Some("over") {
        let reveals = REVEALS
            .into_iter()
            .map(|percent| radio("reveal", &percent.to_string(), &format!("{percent} %"), percent == 50))
            .collect_view();
        html! {
            <fieldset class="segments">
                <legend>"After, from the left"</legend>
                {reveals}
            </fieldset>
            <div class="image-frame over" role="region" aria-label="After over before" tabindex="0">
                <div>{before} <div class="after">{after}</div></div>
            </div>
        }
    } else {
        html! {
            <div class="beside">
                <figure>
                    <figcaption>"Before, " {ago(older.created_at)}</figcaption>
                    <div class="image-frame" role="region" aria-label="Before" tabindex="0">{before}</div>
                </figure>
                <figure>
                    <figcaption>"After, " {ago(known.row.created_at)}</figcaption>
                    <div class="image-frame" role="region" aria-label="After" tabindex="0">{after}</div>
                </figure>
            </div>
        }
    };
    Ok(html! {
        {question}
        <section class="card pane zoom" aria-label="Before and after">{same} {pair}</section>
    })
}

/// The size of the image is known before its bytes are there, so nothing moves when they come.
fn image(row: &ArtifactRow, size: Option<imagesize::ImageSize>, alt: String) -> AnyView {
    let width = size.map(|size| size.width.to_string());
    let height = size.map(|size| size.height.to_string());
    let natural = size.map(|size| format!("--w: {}px", size.width));
    html! { <img src=content_of(row.artifact_id) alt=alt width=width height=height style=natural /> }
}

fn radio(name: &'static str, word: &str, label: &str, is_first: bool) -> AnyView {
    let id = format!("{name}-{word}");
    html! {
        <label class="segment">
            <input type="radio" id=id name=name value=word.to_owned() checked=is_first />
            {label.to_owned()}
        </label>
    }
}
