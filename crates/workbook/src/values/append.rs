//! Appends rows below the table that a range lies in.

use sheets::a1::{MOST_COLUMNS, MOST_ROWS};
use sheets::wire::{AppendValuesResponse, Dimension, InsertDataOption, Refusal, ValueInputOption, ValueRange};

use super::read::Reading;
use super::write::{answer, write_lines};
use super::{Applied, apply};
use crate::batch::insert_rows;
use crate::model::{Sheet, Value, Workbook};
use crate::place::{self, Place};

/// How rows are appended.
#[derive(Debug, Clone, Copy)]
pub struct Append {
    /// How values are understood.
    pub input: ValueInputOption,
    /// Whether what stands below is overwritten or pushed down.
    pub insert: InsertDataOption,
    /// How the written values are answered; `None` leaves them out.
    pub answer: Option<Reading>,
}

/// Appends rows.
pub fn append(
    workbook: &Workbook,
    range: &str,
    values: &ValueRange,
    how: Append,
) -> Result<Applied<AppendValuesResponse>, Refusal> {
    let asked = place::of_a1(workbook, range)?;
    let table = table(&workbook.sheets[asked.sheet], &asked);
    let work = |workbook: &mut Workbook| {
        let (first_row, first_column) = match &table {
            Some(table) => (table.rows.end, table.columns.start),
            None => (asked.rows.start, asked.columns.start),
        };
        let lines = values.values.as_deref().unwrap_or_default();
        let height = match values.major_dimension {
            Some(Dimension::Columns) => lines.iter().map(Vec::len).max().unwrap_or(0),
            _ => lines.len(),
        };
        if how.insert == InsertDataOption::InsertRows && height > 0 {
            let at = first_row.min(workbook.sheets[asked.sheet].row_count);
            insert_rows(workbook, asked.sheet, at, u32::try_from(height).unwrap_or(u32::MAX))?;
        }
        let bounds = Place {
            sheet: asked.sheet,
            rows: first_row..MOST_ROWS,
            columns: first_column..MOST_COLUMNS,
        };
        write_lines(workbook, &bounds, range, values, how.input)
    };
    apply(workbook, work, |workbook, written| {
        Ok(AppendValuesResponse {
            spreadsheet_id: Some(workbook.id.clone()),
            table_range: table.as_ref().map(|table| table.name(workbook)),
            updates: Some(answer(workbook, &written, how.answer)?),
        })
    })
}

/// Finds the table in a range: the last block of rows with values that touches it, with all columns next to it.
fn table(sheet: &Sheet, asked: &Place) -> Option<Place> {
    let holds = |row: u32, column: u32| sheet.cell(row, column).is_some_and(|cell| cell.value != Value::Empty);
    let row_holds = |row: u32, columns: std::ops::Range<u32>| {
        let cells = sheet.rows.get(&row).map(|row| row.cells.range(columns));
        cells.is_some_and(|mut cells| cells.any(|(_, cell)| cell.value != Value::Empty))
    };
    let last = sheet.rows.range(asked.rows.clone()).rev().map(|(row, _)| *row);
    let last = last.into_iter().find(|row| row_holds(*row, asked.columns.clone()))?;
    let mut rows = last..last + 1;
    let first = sheet.rows[&last]
        .cells
        .range(asked.columns.clone())
        .find(|(_, cell)| cell.value != Value::Empty)?;
    let mut columns = *first.0..*first.0 + 1;
    // Grows until no neighbour, corners included, holds a value.
    loop {
        let around = columns.start.saturating_sub(1)..columns.end + 1;
        let column_holds = |column: u32| (rows.start.saturating_sub(1)..=rows.end).any(|row| holds(row, column));
        if rows.start > 0 && row_holds(rows.start - 1, around.clone()) {
            rows.start -= 1;
        } else if row_holds(rows.end, around) {
            rows.end += 1;
        } else if columns.start > 0 && column_holds(columns.start - 1) {
            columns.start -= 1;
        } else if column_holds(columns.end) {
            columns.end += 1;
        } else {
            return Some(Place {
                sheet: asked.sheet,
                rows,
                columns,
            });
        }
    }
}
