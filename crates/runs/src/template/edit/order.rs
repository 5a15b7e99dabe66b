//! Entries of a list, or names of a map, change their places. Each takes the comments directly above it along.

use super::{Place, lines, tree::Kind};
use std::ops::Range;

/// Puts the entry at `from` to the place of the one at `to`.
pub(super) fn moved(source: &str, place: &Place<'_>, from: usize, to: usize) -> Option<String> {
    let pieces = pieces(source, place)?;
    let mut order: Vec<usize> = (0..pieces.len()).collect();
    if from >= order.len() || to >= order.len() {
        return None;
    }
    let entry = order.remove(from);
    order.insert(to, entry);
    // What stands between the pieces, blank lines and commas, keeps its place.
    let mut text = source[..pieces[0].start].to_owned();
    for (slot, entry) in order.into_iter().enumerate() {
        text.push_str(&source[pieces[entry].clone()]);
        let next = pieces.get(slot + 1).map_or(source.len(), |next| next.start);
        text.push_str(&source[pieces[slot].end..next]);
    }
    Some(text)
}

fn pieces(source: &str, place: &Place<'_>) -> Option<Vec<Range<usize>>> {
    match &place.node.kind {
        Kind::List { flow: true, items } => Some(items.iter().map(|item| item.span.clone()).collect()),
        Kind::Map { flow: true, entries } => Some(
            entries
                .iter()
                .map(|entry| entry.key_span.start..entry.node.span.end)
                .collect(),
        ),
        Kind::List { items, .. } => {
            let starts: Option<Vec<usize>> = (0..items.len())
                .map(|position| Some(place.dash(source, position)?.start))
                .collect();
            whole_lines(source, place, &starts?, items.iter().map(|item| item.span.end))
        }
        Kind::Map { entries, .. } => {
            let starts: Vec<usize> = entries.iter().map(|entry| entry.key_span.start).collect();
            whole_lines(source, place, &starts, entries.iter().map(|entry| entry.node.span.end))
        }
        Kind::Scalar(_) | Kind::Alias => None,
    }
}

fn whole_lines(
    source: &str,
    place: &Place<'_>,
    starts: &[usize],
    ends: impl Iterator<Item = usize>,
) -> Option<Vec<Range<usize>>> {
    let mut floor = place.behind.map_or(0, |behind| lines::end(source, behind));
    let mut pieces = Vec::new();
    for (start, end) in starts.iter().zip(ends) {
        if !lines::is_first(source, *start) {
            return None;
        }
        let end = lines::end(source, end);
        pieces.push(lines::with_comments(source, lines::start(source, *start), floor)..end);
        floor = end;
    }
    Some(pieces)
}
