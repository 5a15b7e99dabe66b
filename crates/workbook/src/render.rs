//! What a cell shows: as people see it, as a plain value, or as its formula.

use serde_json::Value as Json;
use sheets::values::Locale;
use sheets::wire::{DateTimeRenderOption, ErrorValue, ExtendedValue, ValueRenderOption};

use crate::formulas::enter;
use crate::model::{Cell, Computed, Value};
use crate::pattern;

/// How values are asked for.
#[derive(Debug, Clone, Copy)]
pub struct Rendering {
    /// Formatted, plain, or formulas.
    pub values: ValueRenderOption,
    /// How times are shown where values are not formatted.
    pub times: DateTimeRenderOption,
    /// The locale of the workbook.
    pub locale: Locale,
}

/// Shows one cell as JSON; an empty cell is an empty text.
pub fn json(cell: Option<&Cell>, rendering: Rendering) -> Json {
    let Some(cell) = cell else {
        return Json::String(String::new());
    };
    if let (ValueRenderOption::Formula, Value::Formula { text, .. }) = (rendering.values, &cell.value) {
        return Json::String(enter::localised(text, rendering.locale.decimal_comma));
    }
    if rendering.values == ValueRenderOption::FormattedValue {
        return Json::String(formatted(cell, rendering.locale));
    }
    match result(&cell.value) {
        Computed::Number(number) => {
            let as_text = rendering.times == DateTimeRenderOption::FormattedString && shows_moment(cell);
            if as_text {
                Json::String(formatted(cell, rendering.locale))
            } else {
                plain_number(number)
            }
        }
        Computed::Boolean(flag) => Json::Bool(flag),
        Computed::Text(text) => Json::String(text),
        Computed::Error { shown, .. } => Json::String(shown),
        Computed::Empty => Json::String(String::new()),
    }
}

/// Shows one cell as people see it.
pub fn formatted(cell: &Cell, locale: Locale) -> String {
    match result(&cell.value) {
        Computed::Number(number) => pattern_of(cell)
            .and_then(|pattern| pattern::show(number, pattern, locale))
            .unwrap_or_else(|| pattern::general(number, locale)),
        Computed::Boolean(flag) => (if flag { "TRUE" } else { "FALSE" }).to_owned(),
        Computed::Text(text) => text,
        Computed::Error { shown, .. } => shown,
        Computed::Empty => String::new(),
    }
}

/// Returns what a value comes to.
pub fn result(value: &Value) -> Computed {
    match value {
        Value::Empty => Computed::Empty,
        Value::Text(text) => Computed::Text(text.clone()),
        Value::Number(number) => Computed::Number(*number),
        Value::Boolean(flag) => Computed::Boolean(*flag),
        Value::Formula { result, .. } | Value::Spilled(result) => result.clone(),
    }
}

/// Says what was entered, by kind.
pub fn entered(value: &Value) -> Option<ExtendedValue> {
    match value {
        Value::Formula { text, .. } => Some(ExtendedValue {
            formula_value: Some(text.clone()),
            ..ExtendedValue::default()
        }),
        Value::Spilled(_) => None,
        other => effective(other),
    }
}

/// Says what a value comes to, by kind.
pub fn effective(value: &Value) -> Option<ExtendedValue> {
    let none = ExtendedValue::default();
    match result(value) {
        Computed::Empty => None,
        Computed::Text(text) => Some(ExtendedValue {
            string_value: Some(text),
            ..none
        }),
        Computed::Number(number) => Some(ExtendedValue {
            number_value: Some(number),
            ..none
        }),
        Computed::Boolean(flag) => Some(ExtendedValue {
            bool_value: Some(flag),
            ..none
        }),
        Computed::Error { shown, message } => {
            let kind = match shown.as_str() {
                "#N/A" => "N_A",
                "#DIV/0!" => "DIVIDE_BY_ZERO",
                "#VALUE!" => "VALUE",
                "#REF!" => "REF",
                "#NAME?" => "NAME",
                "#NUM!" => "NUM",
                "#NULL!" => "NULL_VALUE",
                _ => "ERROR",
            };
            let error = ErrorValue {
                r#type: Some(kind.to_owned()),
                message: Some(message),
            };
            Some(ExtendedValue {
                error_value: Some(error),
                ..none
            })
        }
    }
}

fn pattern_of(cell: &Cell) -> Option<&str> {
    let format = cell.format.as_ref()?.number_format.as_ref()?;
    format
        .pattern
        .as_deref()
        .filter(|pattern| !pattern.is_empty())
        .or_else(|| match format.r#type.as_deref()? {
            "PERCENT" => Some("0.00%"),
            "CURRENCY" => Some("\"$\"#,##0.00"),
            "NUMBER" => Some("#,##0.00"),
            "SCIENTIFIC" => Some("0.00E+00"),
            "DATE" => Some("yyyy-mm-dd"),
            "TIME" => Some("hh:mm:ss"),
            "DATE_TIME" => Some("yyyy-mm-dd hh:mm:ss"),
            _ => None,
        })
}

fn shows_moment(cell: &Cell) -> bool {
    pattern_of(cell).is_some_and(pattern::is_moment)
}

/// Whole numbers are written without a point, as other servers of this API do.
fn plain_number(number: f64) -> Json {
    if number.fract() == 0.0 && number.abs() < 9e15 {
        Json::from(number as i64)
    } else {
        Json::from(number)
    }
}
