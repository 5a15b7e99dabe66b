//! References that follow what they name: fitted to rows and columns put in, taken out and moved, and to tabs renamed
//! and deleted. What names nothing any more becomes `#REF!`.

use std::ops::Range;
use std::sync::Arc;

use sheets::a1::{MOST_COLUMNS, MOST_ROWS};
use sheets::wire::Dimension;

use super::lex::{Kind, lex};
use super::reference::Reference;
use crate::model::{Row, Value, Workbook};

const GONE: &str = "#REF!";

/// How rows or columns changed their positions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shift {
    /// Put in before a position.
    Insert { at: u32, count: u32 },
    /// Taken out.
    Delete { start: u32, end: u32 },
    /// Moved before a position, which is counted while they still stand where they were.
    Move { start: u32, end: u32, to: u32 },
}

impl Shift {
    /// Returns where a range is now, both ends included; `None` where nothing of it is left.
    fn range(self, first: u32, last: u32) -> Option<(u32, u32)> {
        match self {
            Self::Insert { at, count } => {
                let moved = |end: u32| if end >= at { end + count } else { end };
                Some((moved(first), moved(last)))
            }
            Self::Delete { start, end } => {
                if first >= start && last < end {
                    return None;
                }
                let count = end - start;
                let first = if first < start { first } else { first.max(end) - count };
                let last = if last < start {
                    last
                } else if last < end {
                    start - 1
                } else {
                    last - count
                };
                Some((first, last))
            }
            Self::Move { start, end, to } => {
                let moved = |at: u32| self.moved(at);
                let is_whole_inside = first >= start && last < end;
                let is_shuffled_inside = start >= first && end <= last + 1 && to >= first && to <= last + 1;
                if is_shuffled_inside && !is_whole_inside {
                    return Some((first, last));
                }
                if is_whole_inside {
                    return Some((moved(first), moved(last)));
                }
                // What moved away from an end leaves the range to the rest of it.
                let first = if (start..end).contains(&first) { end } else { first };
                let last = if (start..end).contains(&last) { start - 1 } else { last };
                Some((moved(first), moved(last)))
            }
        }
    }

    fn moved(self, at: u32) -> u32 {
        let Self::Move { start, end, to } = self else { return at };
        let count = end - start;
        if (start..end).contains(&at) {
            if to > end {
                to - count + (at - start)
            } else {
                to + (at - start)
            }
        } else if at >= end && at < to {
            at - count
        } else if at >= to && at < start {
            at + count
        } else {
            at
        }
    }
}

/// Fits all formulas to rows or columns of a tab that changed their positions; with `across`, only cells whose other
/// dimension lies inside it moved.
pub(crate) fn shift(
    workbook: &mut Workbook,
    sheet: usize,
    dimension: Dimension,
    shift: Shift,
    across: Option<&Range<u32>>,
) {
    let title = workbook.sheets[sheet].title.clone();
    each(workbook, |home, text| {
        rewritten(text, |reference| {
            if !reference.is_on(&title, home) || across.is_some_and(|across| !lies_in(reference, dimension, across)) {
                return None;
            }
            shifted(reference, dimension, shift)
        })
    });
}

/// Gives a tab its new title in all formulas.
pub(crate) fn rename(workbook: &mut Workbook, old: &str, new: &str) {
    retitle(workbook, old, Some(new));
}

/// Takes a tab that is gone out of all formulas.
pub(crate) fn forget(workbook: &mut Workbook, title: &str) {
    retitle(workbook, title, None);
}

/// Fits a formula to a row into which it was sorted, as if it were copied there.
pub(crate) fn copied(row: &Arc<Row>, columns: &Range<u32>, title: &str, from: u32, to: u32) -> Arc<Row> {
    let delta = i64::from(to) - i64::from(from);
    let mut new = Arc::clone(row);
    if delta == 0 {
        return new;
    }
    for (column, cell) in row.cells.range(columns.clone()) {
        let Value::Formula { text, .. } = &cell.value else {
            continue;
        };
        let fitted = rewritten(text, |reference| {
            if !reference.is_on(title, title) {
                return None;
            }
            let mut reference = reference.clone();
            for corner in std::iter::once(&mut reference.first).chain(reference.last.as_mut()) {
                if let Some(index) = corner.row.as_mut().filter(|index| !index.fixed) {
                    let at = u32::try_from(i64::from(index.at) + delta).ok();
                    match at.filter(|at| *at < MOST_ROWS) {
                        Some(at) => index.at = at,
                        None => return Some(GONE.to_owned()),
                    }
                }
            }
            Some(reference.to_string())
        });
        if let Some(fitted) = fitted
            && let Some(cell) = Arc::make_mut(&mut new).cells.get_mut(column)
            && let Value::Formula { text, .. } = &mut cell.value
        {
            *text = fitted;
        }
    }
    new
}

fn retitle(workbook: &mut Workbook, old: &str, new: Option<&str>) {
    each(workbook, |_, text| {
        rewritten(text, |reference| {
            reference.tab.as_ref().filter(|_| reference.is_on(old, ""))?;
            Some(match new {
                Some(new) => Reference {
                    tab: Some(new.to_owned()),
                    ..reference.clone()
                }
                .to_string(),
                None => GONE.to_owned(),
            })
        })
    });
}

fn lies_in(reference: &Reference, dimension: Dimension, across: &Range<u32>) -> bool {
    let other = match dimension {
        Dimension::Rows => Dimension::Columns,
        Dimension::Columns => Dimension::Rows,
    };
    let (first, last) = reference.ends(other);
    [first, last]
        .into_iter()
        .all(|end| end.is_some_and(|end| across.contains(&end.at)))
}

fn shifted(reference: &Reference, dimension: Dimension, shift: Shift) -> Option<String> {
    // An open end is beyond all that exists, wherever it is put; it is written open again.
    const OPEN: u32 = u32::MAX / 4;
    let (first, last) = reference.ends(dimension);
    let (first, last) = match (first, last) {
        (Some(first), Some(last)) => (first.at, last.at),
        (Some(one), None) | (None, Some(one)) => (one.at, OPEN),
        (None, None) => return None,
    };
    let Some((low, high)) = shift.range(first.min(last), first.max(last)) else {
        return Some(GONE.to_owned());
    };
    let most = match dimension {
        Dimension::Rows => MOST_ROWS,
        Dimension::Columns => MOST_COLUMNS,
    };
    if low >= most || (high >= most && first.max(last) != OPEN) {
        return Some(GONE.to_owned());
    }
    if (low, high) == (first.min(last), first.max(last)) {
        return None;
    }
    let mut new = reference.clone();
    let is_only_last = reference.ends(dimension).0.is_none();
    if first <= last && !is_only_last {
        new.put(dimension, low, high);
    } else {
        new.put(dimension, high, low);
    }
    Some(new.to_string())
}

/// Returns a formula with other references; `None` where all stay as they are.
pub(crate) fn rewritten(text: &str, mut replace: impl FnMut(&Reference) -> Option<String>) -> Option<String> {
    let mut new = String::new();
    let mut is_changed = false;
    for token in lex(text) {
        let replaced = match &token.kind {
            Kind::Reference(reference) => replace(reference),
            _ => None,
        };
        match replaced {
            Some(replaced) => {
                is_changed = true;
                new.push_str(&replaced);
            }
            None => new.push_str(token.text),
        }
    }
    is_changed.then_some(new)
}

/// Goes through all formulas with the title of their tab and takes the new texts.
fn each(workbook: &mut Workbook, mut change: impl FnMut(&str, &str) -> Option<String>) {
    for sheet in &mut workbook.sheets {
        let title = &sheet.title;
        for row in sheet.rows.values_mut() {
            let mut new = Vec::new();
            for (column, cell) in &row.cells {
                if let Value::Formula { text, .. } = &cell.value {
                    new.extend(change(title, text).map(|text| (*column, text)));
                }
            }
            for (column, new_text) in new {
                let cell = Arc::make_mut(row).cells.get_mut(&column);
                if let Some(Value::Formula { text, .. }) = cell.map(|cell| &mut cell.value) {
                    *text = new_text;
                }
            }
        }
    }
}
