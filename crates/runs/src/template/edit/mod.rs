//! Changes of a template's text that leave everything else in it as it is: comments, order, quotes, blank lines.
//!
//! The text is cut where the parser says a value stands, never written anew. Whatever the cut, the result is read
//! again and must mean exactly what the change says (`change`); else the change is refused and the text stays.

mod change;
mod lines;
mod order;
mod remove;
mod set;
#[cfg(test)]
mod tests;
mod tree;
mod write;

pub use change::{Change, Path, between, path_of, pointer_of};

use serde_json::Value;
use std::ops::Range;
use tree::{Kind, Node};

/// Why a text was not changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// It is no YAML.
    #[error("the text cannot be read")]
    Unreadable,
    /// The change is about something that is not there.
    #[error("there is no {0} in the text")]
    NoSuchPlace(String),
    /// It is written in a way that this program changes nothing in, such as an anchor.
    #[error("{0} is written in a way that the form cannot change; change it in the text")]
    TooClever(String),
}

/// The text of a template after `change`.
pub fn edit(source: &str, change: &Change) -> Result<String, EditError> {
    let before = value_of(source).ok_or(EditError::Unreadable)?;
    let mut wanted = before.clone();
    let place = || place_of(change);
    change::change_value(&mut wanted, change).ok_or_else(|| EditError::NoSuchPlace(place()))?;
    if wanted == before && !matches!(change, Change::Move(..)) {
        return Ok(source.to_owned());
    }
    if let Change::Set(path, value) = change {
        let known = before.pointer(&pointer_of(path));
        let pieces = known.map_or_else(Vec::new, |known| between(known, value, path));
        if !pieces.is_empty() && pieces != [change.clone()] {
            return edit_all(source, &pieces);
        }
    }
    let text = cut(&lines::ended(source), change).ok_or_else(|| EditError::TooClever(place()))?;
    if value_of(&text) == Some(wanted) {
        Ok(text)
    } else {
        Err(EditError::TooClever(place()))
    }
}

/// The text after all `changes`, one after the other.
pub fn edit_all(source: &str, changes: &[Change]) -> Result<String, EditError> {
    changes
        .iter()
        .try_fold(source.to_owned(), |text, change| edit(&text, change))
}

/// What a text means, whether it is a good template or not; `None` when it cannot be read.
pub fn value_of(source: &str) -> Option<Value> {
    super::parse::read(source).ok()
}

/// A value as YAML, on as many lines as it needs.
pub fn yaml(value: &Value) -> String {
    match value {
        Value::Object(map) if !map.is_empty() => write::entries(map, 0).join("\n"),
        Value::Array(items) if !items.is_empty() => {
            let items: Vec<String> = items.iter().map(|item| write::item(item, 0)).collect();
            items.join("\n")
        }
        other => write::inline(other, false),
    }
}

/// The names under `path` in the order of the text, which values do not keep.
pub fn names_in_order(source: &str, path: &[String]) -> Vec<String> {
    let root = tree::read(source);
    let found = root
        .as_ref()
        .and_then(|root| path.iter().try_fold(root, |node, name| node.child(name)));
    if let Some(Kind::Map { entries, .. }) = found.map(|node| &node.kind) {
        return entries.iter().map(|entry| entry.key.clone()).collect();
    }
    // A text that is too clever to be changed can be read all the same.
    let value = value_of(source).unwrap_or_default();
    let names = value.pointer(&pointer_of(path)).and_then(Value::as_object);
    names.into_iter().flat_map(|names| names.keys().cloned()).collect()
}

fn cut(source: &str, change: &Change) -> Option<String> {
    let root = tree::read(source)?;
    match change {
        Change::Set(path, value) => set::set(source, &root, path, value),
        Change::Remove(path) => remove::remove(source, &root, path),
        Change::Insert(path, position, value) => set::insert(source, &find(source, &root, path)?, *position, value),
        Change::Move(path, from, to) => order::moved(source, &find(source, &root, path)?, *from, *to),
        Change::Rename(path, new) => {
            let (name, parent) = path.split_last()?;
            let parent = find(source, &root, parent)?;
            let Kind::Map { flow, entries } = &parent.node.kind else {
                return None;
            };
            let entry = entries.iter().find(|entry| entry.key == *name)?;
            Some(lines::replace(source, entry.key_span.clone(), &write::line(new, *flow)))
        }
    }
}

/// A value where it stands.
#[derive(Debug, Clone, Copy)]
struct Place<'t> {
    node: &'t Node,
    /// Right behind its `:` or `-`; `None` for the whole text.
    behind: Option<usize>,
    /// The column of its key or dash.
    indent: usize,
    /// Whether it stands inside braces or brackets.
    in_flow: bool,
}

impl<'t> Place<'t> {
    fn root(node: &'t Node) -> Self {
        Self {
            node,
            behind: None,
            indent: 0,
            in_flow: false,
        }
    }

    /// The place of what is called `name` inside this one.
    fn inside(self, source: &str, name: &str) -> Option<Self> {
        let node = self.node.child(name)?;
        let in_flow = self.in_flow || self.node.is_flow();
        let start = match &self.node.kind {
            Kind::Map { entries, .. } => &entries.iter().find(|entry| entry.key == name)?.key_span,
            _ if in_flow => &node.span,
            _ => &self.dash(source, name.parse().ok()?)?,
        };
        let behind = match &self.node.kind {
            Kind::Map { .. } => start.end + source[start.end..].find(':')? + 1,
            _ if in_flow => start.start,
            _ => start.end,
        };
        Some(Place {
            node,
            behind: Some(behind),
            indent: lines::column(source, start.start),
            in_flow,
        })
    }

    /// The dash of an item of a list that is not in brackets.
    fn dash(&self, source: &str, position: usize) -> Option<Range<usize>> {
        let Kind::List { items, .. } = &self.node.kind else {
            return None;
        };
        let first = self.node.span.start;
        let dash = if position == 0 {
            first
        } else {
            let column = lines::column(source, first);
            let mut line = lines::end(source, items[position - 1].span.end);
            loop {
                let at = line + column;
                let is_before = at < items[position].span.start;
                if !is_before {
                    return None;
                }
                if source.get(line..at)?.trim().is_empty() && source[at..].starts_with('-') {
                    break at;
                }
                line = lines::end(source, line);
            }
        };
        source[dash..].starts_with('-').then_some(dash..dash + 1)
    }
}

fn find<'t>(source: &str, root: &'t Node, path: &[String]) -> Option<Place<'t>> {
    path.iter()
        .try_fold(Place::root(root), |place, name| place.inside(source, name))
}

fn place_of(change: &Change) -> String {
    let (Change::Set(path, _)
    | Change::Remove(path)
    | Change::Rename(path, _)
    | Change::Insert(path, ..)
    | Change::Move(path, ..)) = change;
    path.join(".")
}
