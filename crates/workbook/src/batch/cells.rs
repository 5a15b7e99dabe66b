//! Cells written with all they carry: values, formats, notes, validation.

use sheets::fields::Mask;
use sheets::wire::{
    AppendCellsRequest, CellData, CellFormat, Refusal, RepeatCellRequest, RowData, SetDataValidationRequest,
    UpdateCellsRequest,
};

use super::{mask, needed};
use crate::limits::{check_cells, check_text};
use crate::model::{Cell, Computed, Row, Value, Workbook};
use crate::place::{self, Place};

pub(super) fn update(workbook: &mut Workbook, asked: &UpdateCellsRequest) -> Result<(), Refusal> {
    let mask = mask(asked.fields.as_ref())?;
    let rows = asked.rows.as_deref().unwrap_or_default();
    let place = match (&asked.start, &asked.range) {
        (Some(start), None) => {
            let sheet = place::sheet_of(workbook, start.sheet_id.unwrap_or(0))?;
            let index = |at: Option<i64>| u32::try_from(at.unwrap_or(0)).ok();
            let first = index(start.row_index).zip(index(start.column_index));
            let (row, column) = first.ok_or_else(|| Refusal::invalid("start must not be negative."))?;
            let width = rows
                .iter()
                .map(|row| row.values.as_ref().map_or(0, Vec::len))
                .max()
                .unwrap_or(0);
            let tab = &workbook.sheets[sheet];
            let (end_row, end_column) = (u64::from(row) + rows.len() as u64, u64::from(column) + width as u64);
            if end_row > u64::from(tab.row_count) || end_column > u64::from(tab.column_count) {
                return Err(Refusal::invalid(format!(
                    "Attempting to write row {end_row}, column {end_column}, beyond the {} rows and {} columns of the tab.",
                    tab.row_count, tab.column_count
                )));
            }
            Place {
                sheet,
                rows: row..end_row as u32,
                columns: column..end_column as u32,
            }
        }
        (None, Some(range)) => place::of_grid(workbook, range)?,
        _ => return Err(Refusal::invalid("Set exactly one of start and range.")),
    };
    check_cells(place.cells())?;
    let is_start = asked.start.is_some();
    let none = CellData::default();
    for (down, row) in place.rows.clone().enumerate() {
        let cells = rows.get(down).and_then(|row| row.values.as_deref()).unwrap_or_default();
        for (right, column) in place.columns.clone().enumerate() {
            match cells.get(right) {
                Some(cell) => write(workbook, place.sheet, row, column, cell, &mask)?,
                // A range is written whole, what has no data is emptied; from a start on only what is given.
                None if !is_start => write(workbook, place.sheet, row, column, &none, &mask)?,
                None => {}
            }
        }
    }
    workbook.sheets[place.sheet].tidy(place.rows);
    Ok(())
}

/// Below the last row that holds a value; the grid grows where it ends.
pub(super) fn append(workbook: &mut Workbook, asked: &AppendCellsRequest) -> Result<(), Refusal> {
    let mask = mask(asked.fields.as_ref())?;
    let rows = asked.rows.as_deref().unwrap_or_default();
    let sheet = place::sheet_of(workbook, asked.sheet_id.unwrap_or(0))?;
    let width = |row: &RowData| row.values.as_ref().map_or(0, Vec::len);
    check_cells(rows.iter().map(|row| width(row) as u64).sum())?;
    let tab = &mut workbook.sheets[sheet];
    let has_value = |row: &Row| row.cells.values().any(|cell| cell.value != Value::Empty);
    let last = tab.rows.iter().rev().find(|(_, row)| has_value(row));
    let first = last.map_or(0, |(at, _)| at + 1);
    tab.row_count = tab.row_count.max(first.saturating_add(rows.len() as u32));
    tab.column_count = tab.column_count.max(rows.iter().map(width).max().unwrap_or(0) as u32);
    for (row, data) in (first..).zip(rows) {
        for (column, cell) in (0..).zip(data.values.iter().flatten()) {
            write(workbook, sheet, row, column, cell, &mask)?;
        }
    }
    workbook.sheets[sheet].tidy(first..u32::MAX);
    Ok(())
}

pub(super) fn repeat(workbook: &mut Workbook, asked: &RepeatCellRequest) -> Result<(), Refusal> {
    let mask = mask(asked.fields.as_ref())?;
    let cell = asked.cell.clone().unwrap_or_default();
    let place = place::of_grid(workbook, needed(asked.range.as_ref(), "range")?)?;
    check_cells(place.cells())?;
    for row in place.rows.clone() {
        for column in place.columns.clone() {
            write(workbook, place.sheet, row, column, &cell, &mask)?;
        }
    }
    workbook.sheets[place.sheet].tidy(place.rows);
    Ok(())
}

pub(super) fn validate(workbook: &mut Workbook, asked: &SetDataValidationRequest) -> Result<(), Refusal> {
    let place = place::of_grid(workbook, needed(asked.range.as_ref(), "range")?)?;
    check_cells(place.cells())?;
    if let Some(rule) = &asked.rule {
        let condition = needed(rule.condition.as_ref(), "rule.condition")?;
        needed(condition.r#type.as_ref(), "rule.condition.type")?;
    }
    for row in place.rows.clone() {
        for column in place.columns.clone() {
            if asked.rule.is_some() || workbook.sheets[place.sheet].cell(row, column).is_some() {
                workbook
                    .cell_mut(place.sheet, row, column)
                    .validation
                    .clone_from(&asked.rule);
            }
        }
    }
    workbook.sheets[place.sheet].tidy(place.rows);
    Ok(())
}

fn write(
    workbook: &mut Workbook,
    sheet: usize,
    row: u32,
    column: u32,
    data: &CellData,
    mask: &Mask,
) -> Result<(), Refusal> {
    let old = workbook.sheets[sheet].cell(row, column).cloned().unwrap_or_default();
    let new = merged(old.clone(), data, mask)?;
    if new != old {
        *workbook.cell_mut(sheet, row, column) = new;
    }
    Ok(())
}

fn merged(mut cell: Cell, data: &CellData, mask: &Mask) -> Result<Cell, Refusal> {
    if mask.has(&["userEnteredValue"]) {
        cell.value = value(data)?;
    }
    if mask.has(&["note"]) {
        cell.note = data.note.clone().filter(|note| !note.is_empty());
        check_text(cell.note.as_deref().unwrap_or_default())?;
    }
    if mask.has(&["dataValidation"]) {
        cell.validation.clone_from(&data.data_validation);
    }
    if let Some(fields) = mask.of("userEnteredFormat") {
        let mut format = cell.format.take().unwrap_or_default();
        reformat(
            &mut format,
            &data.user_entered_format.clone().unwrap_or_default(),
            fields,
        );
        cell.format = Some(format).filter(|format| *format != CellFormat::default());
    }
    Ok(cell)
}

fn value(data: &CellData) -> Result<Value, Refusal> {
    let Some(entered) = &data.user_entered_value else {
        return Ok(Value::Empty);
    };
    if let Some(text) = &entered.formula_value {
        check_text(text)?;
        return Ok(Value::Formula {
            text: text.clone(),
            result: Computed::not_evaluated(),
        });
    }
    if let Some(text) = &entered.string_value {
        check_text(text)?;
        return Ok(if text.is_empty() {
            Value::Empty
        } else {
            Value::Text(text.clone())
        });
    }
    Ok(match (entered.number_value, entered.bool_value) {
        (Some(number), _) if number.is_finite() => Value::Number(number),
        (Some(number), _) => return Err(Refusal::invalid(format!("{number} is no number a cell can hold."))),
        (None, Some(flag)) => Value::Boolean(flag),
        (None, None) => Value::Empty,
    })
}

/// Sets the named parts of a format; a part that is named and not given is taken away.
fn reformat(format: &mut CellFormat, new: &CellFormat, fields: &Mask) {
    macro_rules! set {
        ($($field:ident $name:literal),*) => { $( if fields.has(&[$name]) { format.$field.clone_from(&new.$field); } )* };
    }
    set!(
        number_format "numberFormat", background_color "backgroundColor",
        background_color_style "backgroundColorStyle", horizontal_alignment "horizontalAlignment",
        vertical_alignment "verticalAlignment", wrap_strategy "wrapStrategy", borders "borders", padding "padding"
    );
    let Some(text_fields) = fields.of("textFormat") else {
        return;
    };
    let mut text = format.text_format.take().unwrap_or_default();
    let new = new.text_format.clone().unwrap_or_default();
    macro_rules! set_text {
        ($($field:ident $name:literal),*) => { $( if text_fields.has(&[$name]) { text.$field.clone_from(&new.$field); } )* };
    }
    set_text!(
        foreground_color "foregroundColor", foreground_color_style "foregroundColorStyle", font_family "fontFamily",
        font_size "fontSize", bold "bold", italic "italic", strikethrough "strikethrough", underline "underline"
    );
    format.text_format = Some(text).filter(|text| *text != sheets::wire::TextFormat::default());
}
