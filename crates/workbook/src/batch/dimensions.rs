//! Rows and columns: inserted, deleted, appended, moved, resized.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use sheets::a1::{MOST_COLUMNS, MOST_ROWS};
use sheets::wire::{
    AppendDimensionRequest, DeleteDimensionRequest, Dimension, DimensionProperties, GridRange, InsertDimensionRequest,
    MoveDimensionRequest, Refusal, UpdateDimensionPropertiesRequest,
};

use super::{mask, needed};
use crate::formulas::adjust::{self, Shift};
use crate::model::{Sheet, Workbook};
use crate::place::{self, size_along};

pub(super) fn insert(workbook: &mut Workbook, asked: &InsertDimensionRequest) -> Result<(), Refusal> {
    let range = needed(asked.range.as_ref(), "range")?;
    let sheet = place::sheet_of(workbook, range.sheet())?;
    let span = range.span().and_then(|span| Some((span.start?, span.end?)));
    let (start, end) = span.ok_or_else(|| Refusal::invalid("range needs a startIndex and an endIndex after it."))?;
    let tab = &mut workbook.sheets[sheet];
    let size = size_along(tab, range.dimension());
    if start > size || start == end {
        return Err(Refusal::invalid(format!(
            "range.startIndex must be at most {size} and before range.endIndex."
        )));
    }
    add(tab, range.dimension(), start, end - start)?;
    let shift = Shift::Insert {
        at: start,
        count: end - start,
    };
    adjust::shift(workbook, sheet, range.dimension(), shift, None);
    Ok(())
}

pub(super) fn delete(workbook: &mut Workbook, asked: &DeleteDimensionRequest) -> Result<(), Refusal> {
    let range = needed(asked.range.as_ref(), "range")?;
    let (sheet, span) = place::of_dimension(workbook, range)?;
    let tab = &mut workbook.sheets[sheet];
    let left = size_along(tab, range.dimension()) - (span.end - span.start);
    if left == 0 {
        return Err(Refusal::invalid("You can't delete all the rows or columns of the tab."));
    }
    let count = span.end - span.start;
    let to = |at: u32| match at {
        at if at < span.start => Some(at),
        at if at < span.end => None,
        at => Some(at - count),
    };
    renumber(tab, range.dimension(), to);
    bend(tab, range.dimension(), |bounds| {
        let edge = |at: u32| if at <= span.start { at } else { at.max(span.end) - count };
        edge(bounds.start)..edge(bounds.end)
    });
    let frozen = span.start..span.end;
    match range.dimension() {
        Dimension::Rows => {
            tab.row_count = left;
            tab.frozen_rows -= overlap(&frozen, tab.frozen_rows);
        }
        Dimension::Columns => {
            tab.column_count = left;
            tab.frozen_columns -= overlap(&frozen, tab.frozen_columns);
        }
    }
    let shift = Shift::Delete {
        start: span.start,
        end: span.end,
    };
    adjust::shift(workbook, sheet, range.dimension(), shift, None);
    Ok(())
}

pub(super) fn append(workbook: &mut Workbook, asked: &AppendDimensionRequest) -> Result<(), Refusal> {
    let sheet = place::sheet_of(workbook, asked.sheet_id.unwrap_or(0))?;
    let length = asked
        .length
        .and_then(|length| u32::try_from(length).ok())
        .filter(|length| *length > 0);
    let length = length.ok_or_else(|| Refusal::invalid("length must be a whole number above 0."))?;
    let tab = &mut workbook.sheets[sheet];
    let dimension = asked.dimension.unwrap_or_default();
    let at = size_along(tab, dimension);
    add(tab, dimension, at, length)
}

pub(super) fn shift(workbook: &mut Workbook, asked: &MoveDimensionRequest) -> Result<(), Refusal> {
    let source = needed(asked.source.as_ref(), "source")?;
    let (sheet, span) = place::of_dimension(workbook, source)?;
    let tab = &mut workbook.sheets[sheet];
    let size = size_along(tab, source.dimension());
    let destination = asked
        .destination_index
        .and_then(|at| u32::try_from(at).ok())
        .filter(|at| *at <= size);
    let destination = destination.ok_or_else(|| Refusal::invalid(format!("destinationIndex must be 0 to {size}.")))?;
    if (span.start..=span.end).contains(&destination) {
        return Ok(());
    }
    let count = span.end - span.start;
    let to = |at: u32| {
        if span.contains(&at) {
            let first = if destination > span.end {
                destination - count
            } else {
                destination
            };
            first + (at - span.start)
        } else if at >= span.end && at < destination {
            at - count
        } else if at >= destination && at < span.start {
            at + count
        } else {
            at
        }
    };
    renumber(tab, source.dimension(), |at| Some(to(at)));
    // A rule that stands wholly on what moved goes along, and so does one that what moved jumps over.
    bend(tab, source.dimension(), |bounds| {
        let first = to(bounds.start);
        let last = to(bounds.end - 1);
        if last >= first && last - first == bounds.end - 1 - bounds.start {
            first..last + 1
        } else {
            bounds
        }
    });
    let shift = Shift::Move {
        start: span.start,
        end: span.end,
        to: destination,
    };
    adjust::shift(workbook, sheet, source.dimension(), shift, None);
    Ok(())
}

pub(super) fn update(workbook: &mut Workbook, asked: &UpdateDimensionPropertiesRequest) -> Result<(), Refusal> {
    let range = needed(asked.range.as_ref(), "range")?;
    let mask = mask(asked.fields.as_ref())?;
    let new = asked.properties.clone().unwrap_or_default();
    let (sheet, span) = place::of_dimension(workbook, range)?;
    crate::limits::check_cells(u64::from(span.end - span.start))?;
    let set = |properties: &mut Option<DimensionProperties>| {
        let kept = properties.get_or_insert_default();
        if mask.has(&["pixelSize"]) {
            kept.pixel_size = new.pixel_size;
        }
        if mask.has(&["hiddenByUser"]) {
            kept.hidden_by_user = new.hidden_by_user.filter(|hidden| *hidden);
        }
        if *kept == DimensionProperties::default() {
            *properties = None;
        }
    };
    for at in span.clone() {
        match range.dimension() {
            Dimension::Rows => set(&mut workbook.row_mut(sheet, at).properties),
            Dimension::Columns => set(&mut workbook.sheets[sheet].columns.entry(at).or_default().properties),
        }
    }
    if range.dimension() == Dimension::Rows {
        workbook.sheets[sheet].tidy(span);
    }
    Ok(())
}

/// Puts empty rows in.
pub(crate) fn insert_rows(workbook: &mut Workbook, sheet: usize, at: u32, count: u32) -> Result<(), Refusal> {
    add(&mut workbook.sheets[sheet], Dimension::Rows, at, count)?;
    adjust::shift(workbook, sheet, Dimension::Rows, Shift::Insert { at, count }, None);
    Ok(())
}

fn add(tab: &mut Sheet, dimension: Dimension, at: u32, count: u32) -> Result<(), Refusal> {
    let most = if dimension == Dimension::Rows {
        MOST_ROWS
    } else {
        MOST_COLUMNS
    };
    let size = size_along(tab, dimension)
        .checked_add(count)
        .filter(|size| *size <= most);
    let size = size.ok_or_else(|| Refusal::invalid(format!("A tab has at most {most} of them.")))?;
    renumber(tab, dimension, |old| Some(if old >= at { old + count } else { old }));
    bend(tab, dimension, |bounds| {
        let start = if bounds.start >= at {
            bounds.start + count
        } else {
            bounds.start
        };
        let end = if bounds.end > at {
            bounds.end + count
        } else {
            bounds.end
        };
        start..end
    });
    match dimension {
        Dimension::Rows => {
            tab.row_count = size;
            tab.frozen_rows += if at < tab.frozen_rows { count } else { 0 };
        }
        Dimension::Columns => {
            tab.column_count = size;
            tab.frozen_columns += if at < tab.frozen_columns { count } else { 0 };
        }
    }
    Ok(())
}

fn overlap(span: &Range<u32>, frozen: u32) -> u32 {
    span.end.min(frozen).saturating_sub(span.start)
}

/// Gives rows or columns new positions; those without one are dropped.
fn renumber(tab: &mut Sheet, dimension: Dimension, to: impl Fn(u32) -> Option<u32>) {
    match dimension {
        Dimension::Rows => tab.rows = moved(std::mem::take(&mut tab.rows), &to),
        Dimension::Columns => {
            tab.columns = moved(std::mem::take(&mut tab.columns), &to);
            tab.column_epoch += 1;
            for row in tab.rows.values_mut() {
                if row.cells.keys().any(|column| to(*column) != Some(*column)) {
                    let row = Arc::make_mut(row);
                    row.cells = moved(std::mem::take(&mut row.cells), &to);
                }
            }
            tab.rows.retain(|_, row| !row.is_bare());
        }
    }
}

fn moved<T>(items: BTreeMap<u32, T>, to: impl Fn(u32) -> Option<u32>) -> BTreeMap<u32, T> {
    items
        .into_iter()
        .filter_map(|(at, item)| Some((to(at)?, item)))
        .collect()
}

/// Fits the ranges of protections and conditional formats to moved cells; an emptied range is dropped.
fn bend(tab: &mut Sheet, dimension: Dimension, to: impl Fn(Range<u32>) -> Range<u32>) {
    let fit = |range: &mut GridRange| {
        let (start, end) = match dimension {
            Dimension::Rows => (&mut range.start_row_index, &mut range.end_row_index),
            Dimension::Columns => (&mut range.start_column_index, &mut range.end_column_index),
        };
        if start.is_none() && end.is_none() {
            return true;
        }
        let index = |at: Option<i64>, open: u32| at.and_then(|at| u32::try_from(at).ok()).unwrap_or(open);
        // An open end stays open, so it must not be counted on.
        let far = u32::MAX / 4;
        let bounds = index(*start, 0)..index(*end, far);
        if bounds.is_empty() {
            return true;
        }
        let bent = to(bounds);
        *start = start.map(|_| i64::from(bent.start));
        *end = end.map(|_| i64::from(bent.end));
        !bent.is_empty()
    };
    tab.protected_ranges
        .retain_mut(|protection| protection.range.as_mut().is_none_or(&fit));
    for protection in &mut tab.protected_ranges {
        if let Some(ranges) = &mut protection.unprotected_ranges {
            ranges.retain_mut(&fit);
        }
    }
    tab.conditional_formats.retain_mut(|rule| {
        let Some(ranges) = &mut rule.ranges else { return true };
        ranges.retain_mut(&fit);
        !ranges.is_empty()
    });
}
