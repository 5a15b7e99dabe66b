//! Text by its lines: colours, numbers to link to, pages of many lines.

use super::{aside, bytes::Content};
use crate::api::PageError;
use crate::render::{Language, highlighted, terminal};
use crate::served::Ask;
use leptos::prelude::*;
use std::fmt::Write;

/// Lines on one page.
const LINES: usize = 2000;
/// A page has no more bytes than this, however few its lines are.
const PAGE_BYTES: usize = 512 * 1024;
/// Colours ask for all text before the page; larger texts go without.
const COLOURED: usize = 512 * 1024;

/// One page of the lines; `language` is `None` for text of a terminal.
pub(super) async fn draw(ask: &Ask, content: Content, language: Option<Language>) -> Result<AnyView, PageError> {
    let is_whole = content.is_whole;
    let page = ask.query("page").and_then(|page| page.parse().ok()).unwrap_or(1_usize);
    let here = ask.address_with("page", None);
    let link = ask.address_with("page", Some(&page.to_string()));
    let drawn = aside(move || lines(content.text(), page, language, &link)).await?;
    let address = |to: usize| {
        if to == 1 {
            here.clone()
        } else {
            ask.address_with("page", Some(&to.to_string()))
        }
    };
    let pager = || {
        (drawn.pages > 1).then(|| {
        html! {
            <nav class="row pager" aria-label="Pages">
                {(drawn.page > 1).then(|| html! { <a class="btn" rel="prev" href=address(drawn.page - 1)>"Earlier lines"</a> })}
                <span class="note">
                    {format!("Lines {}–{} of {}", drawn.first + 1, drawn.last, drawn.count)}
                </span>
                {(drawn.page < drawn.pages).then(|| html! { <a class="btn" rel="next" href=address(drawn.page + 1)>"Later lines"</a> })}
            </nav>
        }
    })
    };
    let cut = (!is_whole).then(|| {
        html! { <p class="note">"This is the beginning, 8 MiB; the download has all of it."</p> }
    });
    Ok(html! {
        <section class="card pane" aria-label="Text">
            {cut} {pager()}
            <div class="code log" role="region" aria-label="Lines" tabindex="0" inner_html=drawn.html.clone()></div>
            {pager()}
        </section>
    })
}

/// A page that was drawn.
struct Drawn {
    html: String,
    page: usize,
    pages: usize,
    first: usize,
    last: usize,
    count: usize,
}

fn lines(text: &str, page: usize, language: Option<Language>, link: &str) -> Drawn {
    let lines: Vec<&str> = text.lines().collect();
    let pages = lines.len().div_ceil(LINES).max(1);
    let page = page.clamp(1, pages);
    let first = (page - 1) * LINES;
    let last = (first + LINES).min(lines.len());
    let rows = match language {
        None => terminal(&lines[first..last]),
        Some(_) if text.len() > COLOURED => crate::render::plain(&lines[first..last]),
        Some(language) => highlighted(&lines[..last], first, language),
    };
    Drawn {
        html: numbered(&rows, first, &crate::render::escaped(link)),
        page,
        pages,
        first,
        last,
        count: lines.len(),
    }
}

/// The lines with their numbers; each number is a link to its line.
pub(super) fn numbered(rows: &[String], first: usize, link: &str) -> String {
    let mut html = String::new();
    for (at, row) in rows.iter().enumerate() {
        let number = first + at + 1;
        if html.len() > PAGE_BYTES * 4 {
            let _ = write!(
                html,
                "<p class=\"note\">From line {number} on these lines are too long to be shown; the download has them.</p>"
            );
            break;
        }
        let _ = write!(
            html,
            "<div class=\"line\" id=\"L{number}\"><a href=\"{link}#L{number}\" rel=\"external\">{number}</a><span>{row}</span></div>"
        );
    }
    html
}
