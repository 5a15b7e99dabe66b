//! Cells taken out of a range or put into it, with others shifted; rows and columns themselves stay.

use std::ops::Range;
use std::sync::Arc;

use sheets::wire::{DeleteRangeRequest, Dimension, InsertRangeRequest, Refusal};

use super::needed;
use crate::formulas::adjust::{self, Shift};
use crate::limits::check_cells;
use crate::model::{Cell, Workbook};
use crate::place::{self, Place};

pub(super) fn delete(workbook: &mut Workbook, asked: &DeleteRangeRequest) -> Result<(), Refusal> {
    let place = place::of_grid(workbook, needed(asked.range.as_ref(), "range")?)?;
    let dimension = *needed(asked.shift_dimension.as_ref(), "shiftDimension")?;
    for (row, column, cell) in take(workbook, &place, dimension)? {
        if place.rows.contains(&row) && place.columns.contains(&column) {
            continue;
        }
        let (row, column) = match dimension {
            Dimension::Rows => (row - (place.rows.end - place.rows.start), column),
            Dimension::Columns => (row, column - (place.columns.end - place.columns.start)),
        };
        *workbook.cell_mut(place.sheet, row, column) = cell;
    }
    workbook.sheets[place.sheet].tidy(place.rows.start..u32::MAX);
    let (taken, across) = along(place.rows, place.columns, dimension);
    let shift = Shift::Delete {
        start: taken.start,
        end: taken.end,
    };
    adjust::shift(workbook, place.sheet, dimension, shift, Some(&across));
    Ok(())
}

/// The grid grows where cells are shifted over its edge.
pub(super) fn insert(workbook: &mut Workbook, asked: &InsertRangeRequest) -> Result<(), Refusal> {
    let place = place::of_grid(workbook, needed(asked.range.as_ref(), "range")?)?;
    let dimension = *needed(asked.shift_dimension.as_ref(), "shiftDimension")?;
    for (row, column, cell) in take(workbook, &place, dimension)? {
        let (row, column) = match dimension {
            Dimension::Rows => (row + (place.rows.end - place.rows.start), column),
            Dimension::Columns => (row, column + (place.columns.end - place.columns.start)),
        };
        let tab = &mut workbook.sheets[place.sheet];
        tab.row_count = tab.row_count.max(row + 1);
        tab.column_count = tab.column_count.max(column + 1);
        *workbook.cell_mut(place.sheet, row, column) = cell;
    }
    workbook.sheets[place.sheet].tidy(place.rows.start..u32::MAX);
    let (new, across) = along(place.rows, place.columns, dimension);
    let shift = Shift::Insert {
        at: new.start,
        count: new.end - new.start,
    };
    adjust::shift(workbook, place.sheet, dimension, shift, Some(&across));
    Ok(())
}

/// What lies in the direction of a shift, and what lies across it.
fn along(rows: Range<u32>, columns: Range<u32>, dimension: Dimension) -> (Range<u32>, Range<u32>) {
    match dimension {
        Dimension::Rows => (rows, columns),
        Dimension::Columns => (columns, rows),
    }
}

/// Takes out the cells of a range and those behind it, which are shifted.
fn take(workbook: &mut Workbook, place: &Place, dimension: Dimension) -> Result<Vec<(u32, u32, Cell)>, Refusal> {
    let tab = &mut workbook.sheets[place.sheet];
    let (rows, columns) = match dimension {
        Dimension::Rows => (place.rows.start..tab.row_count, place.columns.clone()),
        Dimension::Columns => (place.rows.clone(), place.columns.start..tab.column_count),
    };
    let mut taken = Vec::new();
    for (at, row) in tab.rows.range_mut(rows) {
        let touched: Vec<u32> = row.cells.range(columns.clone()).map(|(column, _)| *column).collect();
        if touched.is_empty() {
            continue;
        }
        let row = Arc::make_mut(row);
        for column in touched {
            taken.extend(row.cells.remove(&column).map(|cell| (*at, column, cell)));
        }
    }
    check_cells(taken.len() as u64)?;
    Ok(taken)
}
