//! Markdown as a document.

use super::{aside, bytes::Content};
use crate::api::PageError;
use crate::render::markdown;
use leptos::prelude::*;

/// Larger documents are shown as text only.
const MOST: usize = 1024 * 1024;

/// The document.
pub(super) async fn draw(content: Content) -> Result<AnyView, PageError> {
    if content.bytes.len() > MOST {
        return Ok(html! {
            <section class="card pane" aria-label="Document">
                <p>"This document is too long to be drawn. Read its source, or download it."</p>
            </section>
        });
    }
    let rendered = aside(move || markdown(content.text())).await?;
    let left_out = match rendered.left_out {
        0 => None,
        1 => Some(
            "One image or relative link was left out: only addresses that say where they lead are followed.".to_owned(),
        ),
        count => Some(format!(
            "{count} images and relative links were left out: only addresses that say where they lead are followed."
        )),
    };
    Ok(html! {
        <section class="card pane" aria-label="Document">
            {left_out.map(|words| html! { <p class="note">{words}</p> })}
            <div class="markdown" role="region" aria-label="Document, rendered" tabindex="0" inner_html=rendered.html></div>
        </section>
    })
}
