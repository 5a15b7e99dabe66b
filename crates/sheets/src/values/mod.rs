//! Values: what stands in a cell, read by the kind of its column, and written back as real JSON.

mod date;
mod locale;
mod number;
mod read;
mod words;
mod write;

pub use date::{from_serial, moment_to_serial, parse_date, parse_iso, to_serial};
pub use locale::{DateOrder, Locale};
pub use read::{CellProblem, Misread, is_blank, key, read, text};
pub use write::{NotFinite, write};

use chrono::{NaiveDate, NaiveDateTime};

/// What a cell says.
#[derive(Debug, Clone, PartialEq)]
pub enum CellValue {
    /// Text.
    Text(String),
    /// A number, always finite when it was read.
    Number(f64),
    /// A checkbox.
    Boolean(bool),
    /// A day.
    Date(NaiveDate),
    /// A day and a time of day, in the zone of the workbook.
    Moment(NaiveDateTime),
    /// A key or a period.
    Key(String),
    /// A word of a choice.
    Choice(&'static str),
    /// Keys or periods.
    Keys(Vec<String>),
    /// JSON.
    Json(serde_json::Value),
}

#[cfg(test)]
mod tests;
