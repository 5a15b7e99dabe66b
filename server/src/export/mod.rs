//! Runs as a file: a workbook or CSV for people, JSON and one JSON per line for programs.

pub mod sheet;

use crate::actions::runs::view::RunView;
use axum::body::Bytes;
use serde_json::Value;
use std::str::FromStr;

/// What the file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated, with a line of names.
    Csv,
    /// One array.
    Json,
    /// One object per line.
    Ndjson,
    /// A workbook; it is written by [`sheet::Sheet`].
    Xlsx,
}

impl Format {
    /// Ending of the file's name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Ndjson => "ndjson",
            Self::Xlsx => "xlsx",
        }
    }

    /// What browsers are told.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Json => "application/json",
            Self::Ndjson => "application/x-ndjson",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

impl FromStr for Format {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::Csv, Self::Json, Self::Ndjson, Self::Xlsx]
            .into_iter()
            .find(|format| format.as_str() == text)
            .ok_or(())
    }
}

/// The columns of CSV and workbook, which are fields of the JSON.
const COLUMNS: [&str; 20] = [
    "run_id",
    "title",
    "status",
    "reason",
    "action",
    "template",
    "template_version",
    "env",
    "lane",
    "priority",
    "attempt",
    "max_attempts",
    "crash_count",
    "requested_by",
    "steps_done",
    "steps_total",
    "created_at",
    "started_at",
    "finished_at",
    "error",
];

/// Writes runs one after the other.
#[derive(Debug)]
pub struct Writer {
    format: Format,
    text: Vec<u8>,
    count: u64,
}

impl Writer {
    /// The beginning of a file.
    pub fn new(format: Format) -> Self {
        let mut writer = Self {
            format,
            text: Vec::new(),
            count: 0,
        };
        match format {
            Format::Csv => writer.line(COLUMNS.iter().map(ToString::to_string)),
            Format::Json => writer.text.push(b'['),
            Format::Ndjson | Format::Xlsx => {}
        }
        writer
    }

    /// Adds a run.
    pub fn add(&mut self, run: &RunView) {
        let value = serde_json::to_value(run).unwrap_or_default();
        match self.format {
            Format::Csv => self.line(COLUMNS.iter().map(|column| cell(&value[column]))),
            Format::Json => {
                self.text
                    .extend_from_slice(if self.count == 0 { b"\n" } else { b",\n" });
                self.text.extend_from_slice(value.to_string().as_bytes());
            }
            Format::Xlsx | Format::Ndjson => {
                self.text.extend_from_slice(value.to_string().as_bytes());
                self.text.push(b'\n');
            }
        }
        self.count += 1;
    }

    /// Ends the file.
    pub fn end(&mut self) {
        if self.format == Format::Json {
            self.text.extend_from_slice(b"\n]\n");
        }
    }

    /// What was written since the last call.
    pub fn take(&mut self) -> Bytes {
        std::mem::take(&mut self.text).into()
    }

    fn line(&mut self, cells: impl Iterator<Item = String>) {
        let mut writer = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer(Vec::new());
        // Writing into memory does not fail.
        if writer.write_record(cells).is_ok()
            && let Ok(line) = writer.into_inner()
        {
            self.text.extend_from_slice(&line);
        }
    }
}

/// A value as a cell. A text that a spreadsheet would calculate gets a quote in front.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) if text.starts_with(['=', '+', '-', '@', '\t', '\r']) => format!("'{text}"),
        Value::String(text) => text.clone(),
        // Of an error people want the sentence.
        Value::Object(fields) => fields.get("message").map_or_else(|| value.to_string(), cell),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn no_cell_is_a_formula() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"] {
            assert_eq!(cell(&json!(text)), format!("'{text}"));
            assert_eq!(cell(&json!({"message": text})), format!("'{text}"));
        }
        assert_eq!(cell(&json!(-1)), "-1");
        assert_eq!(cell(&json!("a=1")), "a=1");
    }

    #[test]
    fn a_line_breaks_only_at_its_end() {
        let mut writer = Writer::new(Format::Csv);
        writer.take();
        writer.line(["a,b", "c\"d", "e\nf"].map(str::to_owned).into_iter());
        assert_eq!(writer.take(), "\"a,b\",\"c\"\"d\",\"e\nf\"\r\n");
    }

    #[test]
    fn an_empty_file_is_one_of_its_kind() {
        let mut writer = Writer::new(Format::Json);
        writer.end();
        assert_eq!(writer.take(), "[\n]\n");
    }
}
