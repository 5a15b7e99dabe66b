//! Writes values into ranges.

use std::collections::BTreeSet;

use sheets::a1::{MOST_COLUMNS, MOST_ROWS, Span};
use sheets::values::Locale;
use sheets::wire::{
    BatchUpdateValuesRequest, BatchUpdateValuesResponse, Dimension, Refusal, UpdateValuesResponse, ValueInputOption,
    ValueRange,
};

use super::read::{Reading, listed};
use super::{Applied, apply};
use crate::entry;
use crate::limits::{check_batch, check_cells};
use crate::model::{Value, Workbook};
use crate::place::{self, Named, Place};

/// How one range is written.
#[derive(Debug, Clone, Copy)]
pub struct Update {
    /// How values are understood.
    pub input: ValueInputOption,
    /// How the written values are answered; `None` leaves them out.
    pub answer: Option<Reading>,
}

/// What of a range was written.
pub(crate) struct Written {
    pub(crate) place: Place,
    pub(crate) rows: BTreeSet<u32>,
    pub(crate) columns: BTreeSet<u32>,
    pub(crate) cells: u64,
}

/// Writes one range.
pub fn update(
    workbook: &Workbook,
    range: &str,
    values: &ValueRange,
    how: Update,
) -> Result<Applied<UpdateValuesResponse>, Refusal> {
    if let Some(inner) = values.range.as_deref().filter(|inner| *inner != range) {
        let same = place::of_a1(workbook, inner)? == place::of_a1(workbook, range)?;
        if !same {
            return Err(Refusal::invalid(format!(
                "Requested writing within range [{range}], but the body names range [{inner}]"
            )));
        }
    }
    apply(
        workbook,
        |workbook| write_named(workbook, range, values, how.input),
        |workbook, written| answer(workbook, &written, how.answer),
    )
}

/// Writes several ranges, all or none.
pub fn batch_update(
    workbook: &Workbook,
    request: &BatchUpdateValuesRequest,
) -> Result<Applied<BatchUpdateValuesResponse>, Refusal> {
    let input = request.value_input_option.ok_or_else(input_missing)?;
    let data = request.data.as_deref().unwrap_or_default();
    check_batch(data.len())?;
    let reading = Reading::of_answer(
        request.include_values_in_response,
        request.response_value_render_option,
        request.response_date_time_render_option,
    );
    let work = |workbook: &mut Workbook| {
        let named = |values: &ValueRange| {
            let range = values.range.as_deref().unwrap_or_default();
            write_named(workbook, range, values, input)
        };
        data.iter().map(named).collect::<Result<Vec<_>, _>>()
    };
    apply(workbook, work, |workbook, parts| {
        let mut totals = Totals::default();
        let mut responses = Vec::with_capacity(parts.len());
        for written in parts {
            totals.add(&written);
            responses.push(answer(workbook, &written, reading)?);
        }
        Ok(BatchUpdateValuesResponse {
            spreadsheet_id: Some(workbook.id.clone()),
            total_updated_rows: Some(totals.rows.len() as u64),
            total_updated_columns: Some(totals.columns.len() as u64),
            total_updated_cells: Some(totals.cells),
            total_updated_sheets: Some(totals.sheets.len() as u64),
            responses: Some(responses),
        })
    })
}

/// Sums over all written ranges: rows and columns touched twice count once.
#[derive(Default)]
pub(crate) struct Totals {
    pub(crate) rows: BTreeSet<(usize, u32)>,
    pub(crate) columns: BTreeSet<(usize, u32)>,
    pub(crate) sheets: BTreeSet<usize>,
    pub(crate) cells: u64,
}

impl Totals {
    pub(crate) fn add(&mut self, written: &Written) {
        let sheet = written.place.sheet;
        self.rows.extend(written.rows.iter().map(|row| (sheet, *row)));
        self.columns
            .extend(written.columns.iter().map(|column| (sheet, *column)));
        if written.cells > 0 {
            self.sheets.insert(sheet);
        }
        self.cells += written.cells;
    }
}

/// Refuses a write that does not say how values are understood.
pub(crate) fn input_missing() -> Refusal {
    Refusal::invalid("'valueInputOption' is required but not specified")
}

/// Says what was written.
pub(crate) fn answer(
    workbook: &Workbook,
    written: &Written,
    reading: Option<Reading>,
) -> Result<UpdateValuesResponse, Refusal> {
    Ok(UpdateValuesResponse {
        spreadsheet_id: Some(workbook.id.clone()),
        updated_range: Some(written.place.name(workbook)),
        updated_rows: Some(written.rows.len() as u64),
        updated_columns: Some(written.columns.len() as u64),
        updated_cells: Some(written.cells),
        updated_data: reading
            .map(|reading| listed(workbook, &written.place, reading))
            .transpose()?,
    })
}

fn write_named(
    workbook: &mut Workbook,
    range: &str,
    values: &ValueRange,
    input: ValueInputOption,
) -> Result<Written, Refusal> {
    let Named { sheet, written } = place::named(workbook, range)?;
    let tab = &workbook.sheets[sheet];
    let (first_row, first_column) = (written.rows.start.unwrap_or(0), written.columns.start.unwrap_or(0));
    if first_row >= tab.row_count || first_column >= tab.column_count {
        return Err(place::beyond(workbook, sheet, written.rows, written.columns));
    }
    // One cell only says where writing begins; a larger range must hold all that is written.
    let is_start = written.rows == Span::one(first_row) && written.columns == Span::one(first_column);
    let most = |span: Span, all: u32| if is_start { all } else { span.end.unwrap_or(all) };
    let bounds = Place {
        sheet,
        rows: first_row..most(written.rows, MOST_ROWS),
        columns: first_column..most(written.columns, MOST_COLUMNS),
    };
    write_lines(workbook, &bounds, range, values, input)
}

/// Writes lines from the first cell of a place on; the grid grows where they reach over its edge.
pub(crate) fn write_lines(
    workbook: &mut Workbook,
    bounds: &Place,
    range: &str,
    values: &ValueRange,
    input: ValueInputOption,
) -> Result<Written, Refusal> {
    let lines = values.values.as_deref().unwrap_or_default();
    let by_column = values.major_dimension == Some(Dimension::Columns);
    let longest = lines.iter().map(Vec::len).max().unwrap_or(0);
    check_cells(lines.len() as u64 * longest as u64)?;
    let (height, width) = if by_column {
        (longest, lines.len())
    } else {
        (lines.len(), longest)
    };
    let end_row = bounds.rows.start + height as u32;
    let end_column = bounds.columns.start + width as u32;
    let outside = |what: &str, at: String| {
        Refusal::invalid(format!(
            "Requested writing within range [{range}], but tried writing to {what} [{at}]"
        ))
    };
    if end_row > bounds.rows.end {
        return Err(outside("row", (bounds.rows.end + 1).to_string()));
    }
    if end_column > bounds.columns.end {
        return Err(outside("column", sheets::a1::column_name(bounds.columns.end)));
    }
    let tab = &mut workbook.sheets[bounds.sheet];
    tab.row_count = tab.row_count.max(end_row);
    tab.column_count = tab.column_count.max(end_column);
    crate::limits::check_size(workbook)?;
    let place = Place {
        sheet: bounds.sheet,
        rows: bounds.rows.start..end_row.max(bounds.rows.start + 1),
        columns: bounds.columns.start..end_column.max(bounds.columns.start + 1),
    };
    let mut written = Written {
        place,
        rows: BTreeSet::new(),
        columns: BTreeSet::new(),
        cells: 0,
    };
    let locale = Locale::of(&workbook.locale);
    for (at, line) in lines.iter().enumerate() {
        for (along, json) in line.iter().enumerate() {
            let (down, right) = if by_column { (along, at) } else { (at, along) };
            let (row, column) = (bounds.rows.start + down as u32, bounds.columns.start + right as u32);
            let Some(entry) = entry::read(json, input, locale)? else {
                continue;
            };
            put(workbook, bounds.sheet, row, column, entry);
            written.rows.insert(row);
            written.columns.insert(column);
            written.cells += 1;
        }
    }
    workbook.sheets[bounds.sheet].tidy(written.place.rows.clone());
    Ok(written)
}

/// Puts one value into a cell; an empty one makes no row.
pub(crate) fn put(workbook: &mut Workbook, sheet: usize, row: u32, column: u32, entry: entry::Entry) {
    if entry.value == Value::Empty && workbook.sheets[sheet].cell(row, column).is_none() {
        return;
    }
    let cell = workbook.cell_mut(sheet, row, column);
    cell.value = entry.value;
    let has_own = cell
        .format
        .as_ref()
        .is_some_and(|format| format.number_format.is_some());
    if let Some(format) = entry.format.filter(|_| !has_own) {
        cell.format.get_or_insert_default().number_format = Some(format);
    }
}
