//! A value comes into the text, or becomes another.

use super::{
    Place, find, lines,
    tree::{Entry, Kind, Node},
    write,
};
use granit_parser::ScalarStyle;
use serde_json::{Value, json};

/// Puts `value` at `path`; what is missing on the way is made.
pub(super) fn set(source: &str, root: &Node, path: &[String], value: &Value) -> Option<String> {
    let known = (0..=path.len())
        .rev()
        .find_map(|depth| Some((depth, find(source, root, &path[..depth])?)));
    let (depth, place) = known?;
    let Some(name) = path.get(depth) else {
        return replaced(source, &place, value);
    };
    let value = path[depth + 1..]
        .iter()
        .rev()
        .fold(value.clone(), |value, name| json!({ name: value }));
    match &place.node.kind {
        Kind::Map { entries, flow } if !entries.is_empty() => entered(source, entries, *flow, name, &value),
        Kind::Map { .. } | Kind::Scalar(_) => replaced(source, &place, &json!({ name: value })),
        Kind::List { .. } | Kind::Alias => None,
    }
}

/// Puts an item into the list at `place`.
pub(super) fn insert(source: &str, place: &Place<'_>, position: usize, value: &Value) -> Option<String> {
    let Kind::List { flow, items } = &place.node.kind else {
        return None;
    };
    if items.is_empty() {
        return replaced(source, place, &json!([value]));
    }
    let before = position.checked_sub(1);
    if *flow {
        let text = write::inline(value, true);
        return Some(match before {
            Some(before) => splice(source, items[before].span.end, &format!(", {text}")),
            None => splice(source, items[0].span.start, &format!("{text}, ")),
        });
    }
    let dash = place.dash(source, 0)?;
    if !lines::is_first(source, dash.start) {
        return None;
    }
    let column = lines::column(source, dash.start);
    let text = format!("{}\n", write::item(value, column));
    let at = match before {
        Some(before) => lines::past_comments(source, lines::end(source, items[before].span.end), column),
        None => lines::with_comments(source, lines::start(source, dash.start), place.behind.unwrap_or(0)),
    };
    Some(splice(source, at, &text))
}

/// A name with its value comes among others, where people would look for it.
fn entered(source: &str, entries: &[Entry], flow: bool, name: &str, value: &Value) -> Option<String> {
    let rank = write::rank(name);
    let after = entries
        .iter()
        .rposition(|entry| rank.is_none_or(|rank| write::rank(&entry.key).is_some_and(|known| known <= rank)))
        .map_or(0, |position| position + 1);
    let first = entries.first()?;
    if flow {
        let text = format!("{}: {}", write::line(name, true), write::inline(value, true));
        return Some(match after.checked_sub(1) {
            Some(before) => splice(source, entries[before].node.span.end, &format!(", {text}")),
            None => splice(source, first.key_span.start, &format!("{text}, ")),
        });
    }
    let column = lines::column(source, first.key_span.start);
    let text = format!("{}\n", write::entry(name, value, column));
    let at = match after.max(usize::from(!lines::is_first(source, first.key_span.start))) {
        0 => lines::start(source, first.key_span.start),
        after => lines::past_comments(source, lines::end(source, entries[after - 1].node.span.end), column),
    };
    Some(splice(source, at, &text))
}

/// What stands at `place` becomes `value`, in the same style where that can hold it.
pub(super) fn replaced(source: &str, place: &Place<'_>, value: &Value) -> Option<String> {
    let (node, behind) = (place.node, place.behind?);
    if place.in_flow {
        let text = quoted_alike(node, value).unwrap_or_else(|| write::inline(value, true));
        let space = if node.span.is_empty() { " " } else { "" };
        return Some(lines::replace(source, node.span.clone(), &format!("{space}{text}")));
    }
    let below = lines::end(source, node.span.end);
    let has_comment_below = lines::past_comments(source, below, place.indent) > below;
    let text = match (value, &node.kind) {
        // A comment that stands deeper would become part of the lines.
        (Value::String(text), _) if has_comment_below => format!(" {}", write::quoted(text)),
        (Value::String(text), Kind::Scalar(ScalarStyle::Literal | ScalarStyle::Folded))
            if write::can_be_block(text) =>
        {
            format!(" {}", write::block_text(text, place.indent + write::STEP))
        }
        _ if node.is_flow() && !node.is_empty() => format!(" {}", write::inline(value, false)),
        _ => match quoted_alike(node, value) {
            Some(text) => format!(" {text}"),
            None => write::behind(value, place.indent),
        },
    };
    let head = source[behind..node.span.start].trim();
    let header = matches!(node.kind, Kind::Scalar(ScalarStyle::Literal | ScalarStyle::Folded))
        .then(|| source[node.span.start..].lines().next().unwrap_or_default())
        .and_then(|header| header.find('#').map(|at| &header[at..]));
    let tail = lines::comment_behind(source, node.span.end).filter(|_| text.contains('\n'));
    let end = tail.map_or(node.span.end, |_| lines::end(source, node.span.end) - 1);
    let comment = [head, header.unwrap_or_default(), tail.unwrap_or_default()]
        .into_iter()
        .find(|comment| !comment.is_empty());
    let text = match comment {
        None => text,
        Some(comment) => match text.split_once('\n') {
            Some((first, rest)) => format!("{first} {comment}\n{rest}"),
            None => format!("{text} {comment}"),
        },
    };
    Some(lines::replace(source, behind..end, &text))
}

/// A text in the quotes of the one before it.
fn quoted_alike(node: &Node, value: &Value) -> Option<String> {
    let text = value.as_str().filter(|text| !text.contains('\n'))?;
    match node.kind {
        Kind::Scalar(ScalarStyle::SingleQuoted) if !text.contains(char::is_control) => {
            Some(format!("'{}'", text.replace('\'', "''")))
        }
        Kind::Scalar(ScalarStyle::DoubleQuoted) => Some(write::quoted(text)),
        _ => None,
    }
}

fn splice(source: &str, at: usize, text: &str) -> String {
    lines::replace(source, at..at, text)
}
