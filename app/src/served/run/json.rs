//! JSON as people read it: a tree that folds. It is made of the text itself, never of numbers that were read from it.

use crate::components::Icon;
use leptos::prelude::*;
use std::fmt::Write;

/// A document with its name and a button that copies it.
pub(super) fn card(title: &'static str, text: &str) -> AnyView {
    let id = format!("json-{}", title.to_lowercase());
    html! {
        <section class="card pane" aria-label=title>
            <div class="row">
                <h2>{title}</h2>
                <span class="grow"></span>
                <button type="button" class="btn sm" data-copy=id.clone()>
                    <Icon name="copy" />
                    "Copy"
                </button>
            </div>
            <div class="json" id=id tabindex="0" role="group" aria-label=format!("{title} as JSON") inner_html=tree(text)></div>
        </section>
    }
}

/// `text` is what `jsonb_pretty` writes: one value, bracket or key to a line. The text of the tree is `text` again.
fn tree(text: &str) -> String {
    let (mut page, mut open) = (String::with_capacity(text.len() * 2), 0);
    for line in text.lines() {
        let bare = line.trim_start();
        if bare.ends_with(['{', '[']) {
            page.push_str("<details open><summary>");
            put_line(line, &mut page);
            page.push_str("</summary>");
            open += 1;
        } else if bare.starts_with(['}', ']']) && open > 0 {
            page.push_str("</details><div>");
            put_line(line, &mut page);
            page.push_str("</div>");
            open -= 1;
        } else {
            page.push_str("<div>");
            put_line(line, &mut page);
            page.push_str("</div>");
        }
    }
    page
}

/// The key, if there is one, in its own colour.
fn put_line(line: &str, page: &mut String) {
    let indent = line.len() - line.trim_start().len();
    let end = key_end(&line[indent..]).map(|end| indent + end);
    let (key, value) = line.split_at(end.unwrap_or(0));
    if !key.is_empty() {
        let _ = write!(page, "<b>{}</b>", escape(key));
    }
    page.push_str(&escape(value));
    page.push('\n');
}

/// Where the key of `"key": …` ends.
fn key_end(text: &str) -> Option<usize> {
    let mut escaped = false;
    let inside = text.strip_prefix('"')?;
    for (at, letter) in inside.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return inside[at + 1..].starts_with(": ").then_some(at + 2),
            _ => {}
        }
    }
    None
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_the_tree_is_the_document() {
        let text = "{\n    \"a\\\": <b>\": 12345678901234567890123,\n    \"list\": [\n        \"x{\",\n        {\n        }\n    ]\n}";
        let page = tree(text);
        let mut shown = String::new();
        let mut inside = false;
        for letter in page.chars() {
            match letter {
                '<' => inside = true,
                '>' => inside = false,
                other if !inside => shown.push(other),
                _ => {}
            }
        }
        let shown = shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
        assert_eq!(shown.trim_end(), text);
        assert_eq!(page.matches("<details").count(), page.matches("</details>").count());
        assert!(page.contains("<b>    \"a\\\": &lt;b&gt;\"</b>: 12345678901234567890123,"));
    }
}
