//! Cells taken out of a range, with others shifted into their place; rows and columns themselves stay.

use std::sync::Arc;

use sheets::wire::{DeleteRangeRequest, Dimension, Refusal};

use super::needed;
use crate::formulas::adjust::{self, Shift};
use crate::limits::check_cells;
use crate::model::{Cell, Workbook};
use crate::place;

pub(super) fn delete(workbook: &mut Workbook, asked: &DeleteRangeRequest) -> Result<(), Refusal> {
    let place = place::of_grid(workbook, needed(asked.range.as_ref(), "range")?)?;
    let dimension = *needed(asked.shift_dimension.as_ref(), "shiftDimension")?;
    let tab = &mut workbook.sheets[place.sheet];
    let (rows, columns) = match dimension {
        Dimension::Rows => (place.rows.start..tab.row_count, place.columns.clone()),
        Dimension::Columns => (place.rows.clone(), place.columns.start..tab.column_count),
    };
    let mut taken: Vec<(u32, u32, Cell)> = Vec::new();
    for (at, row) in tab.rows.range_mut(rows.clone()) {
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
    for (row, column, cell) in taken {
        if place.rows.contains(&row) && place.columns.contains(&column) {
            continue;
        }
        let (row, column) = match dimension {
            Dimension::Rows => (row - (place.rows.end - place.rows.start), column),
            Dimension::Columns => (row, column - (place.columns.end - place.columns.start)),
        };
        *workbook.cell_mut(place.sheet, row, column) = cell;
    }
    workbook.sheets[place.sheet].tidy(rows);
    let (taken, across) = match dimension {
        Dimension::Rows => (place.rows, place.columns),
        Dimension::Columns => (place.columns, place.rows),
    };
    let shift = Shift::Delete {
        start: taken.start,
        end: taken.end,
    };
    adjust::shift(workbook, place.sheet, dimension, shift, Some(&across));
    Ok(())
}
