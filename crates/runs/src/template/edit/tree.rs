//! A YAML text as a tree that knows where in the text each thing stands.

use granit_parser::{Event, Options, Parser, ScalarStyle, Span, StructureStyle};
use std::ops::Range;

/// A value and its place, in bytes.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) span: Range<usize>,
    pub(super) kind: Kind,
}

/// What a value is.
#[derive(Debug, Clone)]
pub(super) enum Kind {
    /// A text, a number, a word; or nothing at all, when the span is empty.
    Scalar(ScalarStyle),
    /// Names and values; `flow` is written in braces.
    Map { flow: bool, entries: Vec<Entry> },
    /// Values; `flow` is written in brackets.
    List { flow: bool, items: Vec<Node> },
    /// Another place of the text.
    Alias,
}

/// A name with its value.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) key_span: Range<usize>,
    pub(super) node: Node,
}

impl Node {
    /// Whether it is written in braces or brackets.
    pub(super) fn is_flow(&self) -> bool {
        matches!(self.kind, Kind::Map { flow: true, .. } | Kind::List { flow: true, .. })
    }

    /// Whether there is nothing in it.
    pub(super) fn is_empty(&self) -> bool {
        match &self.kind {
            Kind::Scalar(_) => self.span.is_empty(),
            Kind::Map { entries, .. } => entries.is_empty(),
            Kind::List { items, .. } => items.is_empty(),
            Kind::Alias => false,
        }
    }

    /// The value under `name`: a key, or a position.
    pub(super) fn child(&self, name: &str) -> Option<&Self> {
        match &self.kind {
            Kind::Map { entries, .. } => entries.iter().find(|entry| entry.key == name).map(|entry| &entry.node),
            Kind::List { items, .. } => items.get(name.parse::<usize>().ok()?),
            Kind::Scalar(_) | Kind::Alias => None,
        }
    }
}

/// Reads the first document of `source`; `None` when it cannot be read, or when values in it are marked for use
/// elsewhere: a change in one place would be a change in another.
pub(super) fn read(source: &str) -> Option<Node> {
    let mut options = Options::default();
    options.set_emit_comments(false);
    let mut events = Vec::new();
    for event in Parser::new_from_str_with_options(source, options) {
        let (event, span) = event.ok()?;
        match &event {
            Event::Alias(_) => return None,
            Event::Scalar(_, _, anchor, tag) if *anchor != 0 || tag.is_some() => return None,
            Event::SequenceStart(_, anchor, tag) | Event::MappingStart(_, anchor, tag)
                if *anchor != 0 || tag.is_some() =>
            {
                return None;
            }
            Event::StreamStart | Event::DocumentStart(..) => {}
            _ => events.push((event, span)),
        }
    }
    let mut events = events.into_iter().peekable();
    node(source, 0, &mut events)
}

type Events<'s> = std::iter::Peekable<std::vec::IntoIter<(Event<'s>, Span)>>;

/// The value that comes next; what stands before `from` is told already.
fn node(source: &str, from: usize, events: &mut Events<'_>) -> Option<Node> {
    let (event, span) = events.next()?;
    let range = span.byte_range()?;
    match event {
        Event::Scalar(_, style, ..) => {
            let start = match style {
                // The parser means the lines; the sign before them belongs to them here.
                ScalarStyle::Literal => sign(source, from, '|')?,
                ScalarStyle::Folded => sign(source, from, '>')?,
                _ => range.start,
            };
            Some(Node {
                span: trimmed(source, start..range.end.max(start)),
                kind: Kind::Scalar(style),
            })
        }
        Event::SequenceStart(style, ..) => {
            let flow = style == StructureStyle::Flow;
            // The parser means the first item where a comment stands between the name and the first dash.
            let start = if flow { range.start } else { sign(source, from, '-')? };
            let mut items = Vec::new();
            while !matches!(events.peek()?.0, Event::SequenceEnd) {
                let from = items.last().map_or(start + 1, |item: &Node| item.span.end);
                items.push(node(source, from, events)?);
            }
            let end = events.next()?.1.byte_range()?.end;
            let end = if flow {
                end
            } else {
                items.last().map_or(start, |item: &Node| item.span.end)
            };
            Some(Node {
                span: start..end,
                kind: Kind::List { flow, items },
            })
        }
        Event::MappingStart(style, ..) => {
            let flow = style == StructureStyle::Flow;
            let mut entries: Vec<Entry> = Vec::new();
            while !matches!(events.peek()?.0, Event::MappingEnd) {
                let (Event::Scalar(key, ..), key_span) = events.next()? else {
                    return None;
                };
                let (key, key_span) = (key.into_owned(), key_span.byte_range()?);
                let mut node = node(source, key_span.end, events)?;
                if node.span.is_empty() {
                    let colon = source[key_span.end..]
                        .find(':')
                        .map_or(key_span.end, |at| key_span.end + at + 1);
                    node.span = colon..colon;
                }
                entries.push(Entry { key, key_span, node });
            }
            let end = events.next()?.1.byte_range()?.end;
            let (start, end) = if flow {
                (range.start, end)
            } else {
                let start = entries.first().map_or(range.start, |entry| entry.key_span.start);
                (start, entries.last().map_or(range.start, |entry| entry.node.span.end))
            };
            Some(Node {
                span: start..end,
                kind: Kind::Map { flow, entries },
            })
        }
        Event::Alias(_) => Some(Node {
            span: range,
            kind: Kind::Alias,
        }),
        _ => None,
    }
}

/// The first `sign` behind `from` that is in no comment.
fn sign(source: &str, from: usize, sign: char) -> Option<usize> {
    let mut is_comment = false;
    let mut before = ' ';
    for (at, letter) in source[from..].char_indices() {
        match letter {
            '\n' => is_comment = false,
            '#' if before.is_whitespace() => is_comment = true,
            _ if letter == sign && !is_comment => return Some(from + at),
            _ => {}
        }
        before = letter;
    }
    None
}

/// Without what stands behind the last sign.
fn trimmed(source: &str, range: Range<usize>) -> Range<usize> {
    let text = source[range.clone()].trim_end();
    range.start..range.start + text.len()
}
