//! From a cell, as `UNFORMATTED_VALUE` gives it, to a value of its column.

use super::{CellValue, DateOrder, Locale, date, number, words};
use crate::{a1::column_name, tabs::Kind};
use serde_json::Value;

/// What stood in a cell, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("found {found}; {instead}")]
pub struct Misread {
    /// What stood there, cut to a readable length.
    pub found: String,
    /// What to write instead, in words.
    pub instead: String,
}

/// A cell that cannot be read, and where it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{header} ({place}): {problem}")]
pub struct CellProblem {
    /// The row, counted from 1.
    pub row: u32,
    /// The header of the column.
    pub header: String,
    /// The cell, as people call it: `F17`.
    pub place: String,
    /// What is wrong with it.
    pub problem: Misread,
}

impl CellProblem {
    /// A problem in the row `row`, counted from 1, and the column `at`, counted from 0.
    pub fn new(row: u32, at: u32, header: &str, problem: Misread) -> Self {
        Self {
            row,
            header: header.to_owned(),
            place: format!("{}{row}", column_name(at)),
            problem,
        }
    }
}

/// Letters of a cell that are shown in a message.
const EXCERPT: usize = 40;
/// What formulas give when they fail.
const ERRORS: &[&str] = &[
    "#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!", "#ERROR!", "#SPILL!", "#CALC!",
];

/// Whether a cell holds nothing a person would see.
pub fn is_blank(cell: &Value) -> bool {
    match cell {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        _ => false,
    }
}

/// The text of a cell as a person would read it.
pub fn text(cell: &Value) -> String {
    match cell {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Bool(true) => "TRUE".to_owned(),
        Value::Bool(false) => "FALSE".to_owned(),
        Value::Number(given) => match given.as_f64() {
            // `Display` of a whole float has no decimals, which is how a sheet shows it.
            Some(float) => format!("{float}"),
            None => given.to_string(),
        },
        other => other.to_string(),
    }
}

/// The key in a cell; blank when there is none.
pub fn key(cell: &Value) -> String {
    let key = text(cell).trim().to_owned();
    if ERRORS.contains(&key.as_str()) {
        String::new()
    } else {
        key
    }
}

/// Reads a cell; `None` when it is blank.
pub fn read(kind: Kind, cell: &Value, locale: Locale) -> Result<Option<CellValue>, Misread> {
    if is_blank(cell) {
        return Ok(None);
    }
    if let Value::String(text) = cell
        && ERRORS.contains(&text.trim())
    {
        return Err(misread(cell, "the formula gives an error; mend it or write a value"));
    }
    let trimmed = text(cell).trim().to_owned();
    let value = match kind {
        Kind::Text => CellValue::Text(text(cell)),
        Kind::Key => CellValue::Key(trimmed),
        Kind::Number => CellValue::Number(read_number(cell, locale)?),
        Kind::Boolean => CellValue::Boolean(read_boolean(cell)?),
        Kind::Date => CellValue::Date(read_date(cell, locale)?),
        Kind::Moment => CellValue::Moment(read_moment(cell)?),
        Kind::Choice(choices) => CellValue::Choice(
            choices
                .find(&trimmed)
                .ok_or_else(|| misread(cell, &format!("write one of: {}", choices.words.join(", "))))?,
        ),
        Kind::KeyList => CellValue::Keys(words::list(&trimmed)),
        Kind::Period => CellValue::Key(read_period(cell, &trimmed)?),
        Kind::PeriodList => {
            let periods: Result<Vec<String>, Misread> = words::list(&trimmed)
                .iter()
                .map(|part| read_period(cell, part))
                .collect();
            CellValue::Keys(periods?)
        }
        Kind::Json => CellValue::Json(read_json(cell)?),
    };
    Ok(match value {
        CellValue::Keys(keys) if keys.is_empty() => None,
        value => Some(value),
    })
}

fn read_number(cell: &Value, locale: Locale) -> Result<f64, Misread> {
    let example = if locale.decimal_comma { "1,5" } else { "1.5" };
    let read = match cell {
        Value::Number(given) => given.as_f64().filter(|given| given.is_finite()),
        Value::String(text) => number::parse(text, locale),
        _ => None,
    };
    read.ok_or_else(|| misread(cell, &format!("write a number, like {example}")))
}

fn read_boolean(cell: &Value) -> Result<bool, Misread> {
    let read = match cell {
        Value::Bool(given) => Some(*given),
        Value::Number(given) if given.as_f64() == Some(1.0) => Some(true),
        Value::Number(given) if given.as_f64() == Some(0.0) => Some(false),
        Value::String(text) => words::boolean(text.trim()),
        _ => None,
    };
    read.ok_or_else(|| misread(cell, "tick or clear the box, or write TRUE or FALSE"))
}

fn read_date(cell: &Value, locale: Locale) -> Result<chrono::NaiveDate, Misread> {
    let read = match cell {
        // The first serial numbers are far more often a count in the wrong column than a day of 1900.
        Value::Number(given) => given
            .as_f64()
            .filter(|serial| *serial >= 367.0)
            .and_then(date::from_serial)
            .map(|moment| moment.date()),
        Value::String(text) => date::parse_date(text.trim(), locale),
        _ => None,
    };
    let example = match locale.order {
        DateOrder::DayFirst => "2026-12-31 or 31/12/2026",
        DateOrder::MonthFirst => "2026-12-31 or 12/31/2026",
        DateOrder::YearFirst => "2026-12-31",
    };
    read.ok_or_else(|| misread(cell, &format!("write a date, like {example}")))
}

fn read_moment(cell: &Value) -> Result<chrono::NaiveDateTime, Misread> {
    let read = match cell {
        Value::Number(given) => given.as_f64().and_then(date::from_serial),
        Value::String(text) => date::parse_iso(text.trim()),
        _ => None,
    };
    read.ok_or_else(|| misread(cell, "write date and time, like 2026-12-31 09:30"))
}

fn read_period(cell: &Value, part: &str) -> Result<String, Misread> {
    words::period(part).ok_or_else(|| misread(cell, "write a period, like 2026-Q1, 2026-03 or 2026-W05"))
}

fn read_json(cell: &Value) -> Result<Value, Misread> {
    match cell {
        Value::String(text) => serde_json::from_str(text).map_err(|error| {
            misread(
                cell,
                &format!(
                    "write JSON, like {{\"monthly_orders\": 120}}; it stops making sense at letter {}",
                    error.column()
                ),
            )
        }),
        other => Ok(other.clone()),
    }
}

fn misread(cell: &Value, instead: &str) -> Misread {
    let whole = text(cell);
    let found = match whole.char_indices().nth(EXCERPT) {
        Some((end, _)) => format!("{:?}…", &whole[..end]),
        None => format!("{whole:?}"),
    };
    Misread {
        found,
        instead: instead.to_owned(),
    }
}
