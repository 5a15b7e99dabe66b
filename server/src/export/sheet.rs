//! Runs as a workbook: one sheet in which times are times and counts are counts. Rows are written to the disk as they
//! come, so that a workbook of a million runs takes no more memory than one of ten.

use super::COLUMNS;
use crate::actions::runs::view::RunView;
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};
use serde_json::Value;
use std::path::Path;

/// Runs that fit below the line of names.
pub const MOST: u32 = 1_048_575;
/// Letters that fit into a cell.
const LONGEST: usize = 32_767;
/// Excel counts days from here.
const EPOCH_DAYS: f64 = 25_569.0;

/// A workbook that is being written.
pub struct Sheet {
    workbook: Workbook,
    rows: u32,
    time: Format,
}

impl Sheet {
    /// One sheet with a line of names that stays in view.
    pub fn new() -> Result<Self, XlsxError> {
        let mut workbook = Workbook::new();
        let time = Format::new().set_num_format("yyyy-mm-dd hh:mm:ss");
        let head = Format::new().set_bold();
        let sheet = workbook.add_worksheet_with_constant_memory();
        sheet.set_name("Runs")?.set_freeze_panes(1, 1)?;
        for (at, column) in (0_u16..).zip(COLUMNS) {
            sheet.set_column_width(at, width(column))?;
            sheet.write_string_with_format(0, at, column, &head)?;
        }
        Ok(Self {
            workbook,
            rows: 0,
            time,
        })
    }

    /// Adds a run; false when there is no room for it.
    pub fn add(&mut self, run: &RunView) -> Result<bool, XlsxError> {
        if self.rows == MOST {
            return Ok(false);
        }
        self.rows += 1;
        let value = serde_json::to_value(run).unwrap_or_default();
        let sheet = self.workbook.worksheet_from_index(0)?;
        for (at, column) in (0_u16..).zip(COLUMNS) {
            write(sheet, (self.rows, at), column, &value[column], &self.time)?;
        }
        Ok(true)
    }

    /// Writes the file.
    pub fn save(mut self, path: &Path) -> Result<(), XlsxError> {
        let last = u16::try_from(COLUMNS.len() - 1).unwrap_or_default();
        self.workbook
            .worksheet_from_index(0)?
            .autofilter(0, 0, self.rows, last)?;
        self.workbook.save(path)
    }
}

fn write(
    sheet: &mut Worksheet,
    (row, at): (u32, u16),
    column: &str,
    value: &Value,
    time: &Format,
) -> Result<(), XlsxError> {
    match value {
        Value::Null => {}
        Value::Number(number) => {
            sheet.write_number(row, at, number.as_f64().unwrap_or_default())?;
        }
        Value::String(text) if column.ends_with("_at") => match days(text) {
            Some(days) => {
                sheet.write_number_with_format(row, at, days, time)?;
            }
            None => {
                sheet.write_string(row, at, text.as_str())?;
            }
        },
        // A text is no formula here, whatever it begins with.
        Value::String(text) => {
            sheet.write_string(row, at, text.chars().take(LONGEST).collect::<String>())?;
        }
        // Of an error people want the sentence.
        Value::Object(fields) if fields.contains_key("message") => {
            return write(sheet, (row, at), column, &fields["message"], time);
        }
        other => {
            sheet.write_string(row, at, other.to_string().chars().take(LONGEST).collect::<String>())?;
        }
    }
    Ok(())
}

/// A moment as Excel counts it, in UTC.
fn days(text: &str) -> Option<f64> {
    let at = chrono::DateTime::parse_from_rfc3339(text).ok()?;
    Some(at.timestamp_millis() as f64 / 86_400_000.0 + EPOCH_DAYS)
}

fn width(column: &str) -> f64 {
    match column {
        "run_id" => 30.0,
        "title" | "error" => 40.0,
        _ if column.ends_with("_at") => 20.0,
        "requested_by" | "template" | "action" => 22.0,
        _ => 12.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_a_number_of_days() {
        assert_eq!(days("1970-01-02T12:00:00Z"), Some(25_570.5));
        assert_eq!(days("soon"), None);
    }

    #[test]
    fn an_empty_workbook_is_one_of_its_kind() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("runs.xlsx");
        Sheet::new().unwrap().save(&path).unwrap();
        assert!(std::fs::read(&path).unwrap().starts_with(b"PK"));
    }
}
