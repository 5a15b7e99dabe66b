//! From a value to a cell, as real JSON under `RAW`.

use super::{CellValue, to_serial};
use serde_json::{Number, Value};

/// A number that no cell can hold.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error("{0} is no number a cell can hold: leave the cell blank and say why in the row status")]
pub struct NotFinite(pub f64);

/// The cell of a value. Blank is `""`, because `null` would leave what stands there.
///
/// A day is a serial number, so that formulas can count with it; a moment is text that reads well even where nobody
/// has formatted the column.
pub fn write(value: Option<&CellValue>) -> Result<Value, NotFinite> {
    Ok(match value {
        None => Value::from(""),
        Some(CellValue::Text(text) | CellValue::Key(text)) => Value::from(text.as_str()),
        Some(CellValue::Number(number)) => number_cell(*number)?,
        Some(CellValue::Boolean(yes)) => Value::from(*yes),
        Some(CellValue::Date(day)) => Value::from(to_serial(*day)),
        Some(CellValue::Moment(moment)) => Value::from(moment.format("%Y-%m-%d %H:%M:%S").to_string()),
        Some(CellValue::Choice(word)) => Value::from(*word),
        Some(CellValue::Keys(keys)) => Value::from(keys.join(", ")),
        Some(CellValue::Json(json)) => Value::from(json.to_string()),
    })
}

/// Whole numbers go without decimals, as sheets send them.
fn number_cell(number: f64) -> Result<Value, NotFinite> {
    const LARGEST_EXACT: f64 = 9_007_199_254_740_992.0;
    if number.fract() == 0.0 && number.abs() <= LARGEST_EXACT {
        return Ok(Value::from(number as i64));
    }
    Number::from_f64(number).map(Value::Number).ok_or(NotFinite(number))
}
