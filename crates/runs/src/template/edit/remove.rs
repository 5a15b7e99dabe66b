//! A value goes out of the text.

use super::{
    Place, find, lines,
    set::replaced,
    tree::{Entry, Kind, Node},
};
use serde_json::json;
use std::ops::Range;

/// Takes away what stands at `path`. A comment above a name stays, one above an item goes with it.
pub(super) fn remove(source: &str, root: &Node, path: &[String]) -> Option<String> {
    let (name, parent) = path.split_last()?;
    let parent = find(source, root, parent)?;
    match &parent.node.kind {
        Kind::Map { flow: true, entries } => {
            let position = entries.iter().position(|entry| entry.key == *name)?;
            let spans: Vec<_> = entries
                .iter()
                .map(|entry| entry.key_span.start..entry.node.span.end)
                .collect();
            Some(out_of_flow(source, &spans, position))
        }
        Kind::List { flow: true, items } => {
            let spans: Vec<_> = items.iter().map(|item| item.span.clone()).collect();
            Some(out_of_flow(source, &spans, name.parse().ok()?))
        }
        Kind::Map { entries, .. } => {
            let position = entries.iter().position(|entry| entry.key == *name)?;
            name_out(source, &parent, entries, position)
        }
        Kind::List { items, .. } => item_out(source, &parent, items, name.parse().ok()?),
        Kind::Scalar(_) | Kind::Alias => None,
    }
}

fn out_of_flow(source: &str, spans: &[Range<usize>], position: usize) -> String {
    let own = &spans[position];
    let range = match (position.checked_sub(1), spans.get(position + 1)) {
        (_, Some(next)) => own.start..next.start,
        (Some(before), None) => spans[before].end..own.end,
        (None, None) => own.clone(),
    };
    lines::replace(source, range, "")
}

fn name_out(source: &str, parent: &Place<'_>, entries: &[Entry], position: usize) -> Option<String> {
    let entry = &entries[position];
    let start = entry.key_span.start;
    if !lines::is_first(source, start) {
        // It shares the line of a dash, to which the next name comes up.
        let Some(next) = entries.get(position + 1) else {
            return replaced(source, parent, &json!({}));
        };
        let range = start..next.key_span.start;
        let has_comment = source[entry.node.span.end..range.end].contains('#');
        return (!has_comment).then(|| lines::replace(source, range, ""));
    }
    let range = lines::start(source, start)..lines::end(source, entry.node.span.end);
    let kept = lines::comment_behind(source, entry.node.span.end)
        .map(|comment| format!("{}{comment}\n", &source[range.start..start]))
        .unwrap_or_default();
    let text = lines::replace(source, range, &kept);
    if entries.len() > 1 {
        return Some(text);
    }
    Some(lines::replace(&text, parent.behind?..parent.behind?, " {}"))
}

fn item_out(source: &str, parent: &Place<'_>, items: &[Node], position: usize) -> Option<String> {
    let dash = parent.dash(source, position)?.start;
    if !lines::is_first(source, dash) {
        return None;
    }
    let floor = match position.checked_sub(1) {
        Some(before) => lines::end(source, items[before].span.end),
        None => parent.behind.map_or(0, |behind| lines::end(source, behind)),
    };
    let start = lines::with_comments(source, lines::start(source, dash), floor);
    let text = lines::replace(source, start..lines::end(source, items[position].span.end), "");
    if items.len() > 1 {
        return Some(text);
    }
    Some(lines::replace(&text, parent.behind?..parent.behind?, " []"))
}
