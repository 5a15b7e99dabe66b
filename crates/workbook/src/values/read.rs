//! Reads values: trailing empties left out, by row or by column.

use serde_json::Value as Json;
use sheets::values::Locale;
use sheets::wire::{BatchGetValuesResponse, DateTimeRenderOption, Dimension, Refusal, ValueRange, ValueRenderOption};

use crate::limits::{check_batch, check_cells};
use crate::model::Workbook;
use crate::place::{self, Place};
use crate::render::{self, Rendering};

/// How values are asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Reading {
    /// By row or by column.
    pub dimension: Dimension,
    /// Formatted, plain, or formulas.
    pub values: ValueRenderOption,
    /// How times are shown where values are not formatted.
    pub times: DateTimeRenderOption,
}

impl Reading {
    /// How a write of several ranges wants its values answered; `None` when it does not.
    pub(super) fn of_answer(
        wanted: Option<bool>,
        values: Option<ValueRenderOption>,
        times: Option<DateTimeRenderOption>,
    ) -> Option<Self> {
        wanted.unwrap_or(false).then(|| Self {
            dimension: Dimension::Rows,
            values: values.unwrap_or_default(),
            times: times.unwrap_or_default(),
        })
    }
}

/// Reads one range.
pub fn get(workbook: &Workbook, range: &str, reading: Reading) -> Result<ValueRange, Refusal> {
    listed(workbook, &place::of_a1(workbook, range)?, reading)
}

/// Reads several ranges.
pub fn batch_get(workbook: &Workbook, ranges: &[String], reading: Reading) -> Result<BatchGetValuesResponse, Refusal> {
    check_batch(ranges.len())?;
    let mut budget = 0;
    let mut value_ranges = Vec::with_capacity(ranges.len());
    for range in ranges {
        let place = place::of_a1(workbook, range)?;
        budget += used(workbook, &place).cells();
        check_cells(budget)?;
        value_ranges.push(listed(workbook, &place, reading)?);
    }
    Ok(BatchGetValuesResponse {
        spreadsheet_id: Some(workbook.id.clone()),
        value_ranges: Some(value_ranges),
    })
}

/// Lists the values of a place.
pub(crate) fn listed(workbook: &Workbook, place: &Place, reading: Reading) -> Result<ValueRange, Refusal> {
    let used = used(workbook, place);
    check_cells(used.cells())?;
    let locale = Locale::of(&workbook.locale);
    let rendering = Rendering {
        values: reading.values,
        times: reading.times,
        locale,
    };
    let sheet = &workbook.sheets[place.sheet];
    let cell = |row, column| render::json(sheet.cell(row, column), rendering);
    let mut lines: Vec<Vec<Json>> = match reading.dimension {
        Dimension::Rows => used
            .rows
            .clone()
            .map(|row| used.columns.clone().map(|column| cell(row, column)).collect())
            .collect(),
        Dimension::Columns => used
            .columns
            .clone()
            .map(|column| used.rows.clone().map(|row| cell(row, column)).collect())
            .collect(),
    };
    for line in &mut lines {
        trim(line, |value| value == "");
    }
    trim(&mut lines, Vec::is_empty);
    Ok(ValueRange {
        range: Some(place.name(workbook)),
        major_dimension: Some(reading.dimension),
        values: (!lines.is_empty()).then_some(lines),
    })
}

/// Cuts a place down to the cells that hold something, so that an answer costs what it says.
fn used(workbook: &Workbook, place: &Place) -> Place {
    let sheet = &workbook.sheets[place.sheet];
    let (mut last_row, mut last_column) = (place.rows.start, place.columns.start);
    for (row, content) in sheet.rows.range(place.rows.clone()) {
        if let Some((column, _)) = content.cells.range(place.columns.clone()).next_back() {
            last_row = row + 1;
            last_column = last_column.max(column + 1);
        }
    }
    Place {
        sheet: place.sheet,
        rows: place.rows.start..last_row,
        columns: place.columns.start..last_column,
    }
}

fn trim<T>(line: &mut Vec<T>, is_blank: impl Fn(&T) -> bool) {
    let kept = line.iter().rposition(|item| !is_blank(item)).map_or(0, |last| last + 1);
    line.truncate(kept);
}
