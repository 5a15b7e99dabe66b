//! What an entered value means: stored as it is, or read as if somebody typed it.

use chrono::Timelike;
use serde_json::Value as Json;
use sheets::values::{DateOrder, Locale, moment_to_serial, parse_date, parse_iso, to_serial};
use sheets::wire::{NumberFormat, Refusal, ValueInputOption};

use crate::formulas::enter;
use crate::limits::check_text;
use crate::model::{Computed, Value};

/// A value to store, and the number format that typing it brings along.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The value.
    pub value: Value,
    /// Its format; `None` leaves the cell's own.
    pub format: Option<NumberFormat>,
}

/// Reads one value of a request; `None` leaves the cell as it is.
pub fn read(json: &Json, option: ValueInputOption, locale: Locale) -> Result<Option<Entry>, Refusal> {
    let plain = |value| Ok(Some(Entry { value, format: None }));
    match json {
        Json::Null => Ok(None),
        Json::Bool(flag) => plain(Value::Boolean(*flag)),
        Json::Number(number) => match number.as_f64().filter(|number| number.is_finite()) {
            Some(number) => plain(Value::Number(number)),
            None => Err(Refusal::invalid(format!("{number} is no number a cell can hold."))),
        },
        Json::String(text) => {
            check_text(text)?;
            if text.is_empty() {
                return plain(Value::Empty);
            }
            match option {
                ValueInputOption::Raw => plain(Value::Text(text.clone())),
                ValueInputOption::UserEntered => Ok(Some(typed(text, locale))),
            }
        }
        Json::Array(_) | Json::Object(_) => Err(Refusal::invalid(format!(
            "Invalid values: a cell takes text, a number, true, false or null, not {json}"
        ))),
    }
}

/// Reads a text as if somebody typed it.
pub fn typed(text: &str, locale: Locale) -> Entry {
    let plain = |value| Entry { value, format: None };
    if let Some(rest) = text.strip_prefix('\'') {
        return plain(Value::Text(rest.to_owned()));
    }
    if text.len() > 1 && text.starts_with('=') {
        return plain(Value::Formula {
            text: enter::canonical(text, locale.decimal_comma),
            result: Computed::not_evaluated(),
        });
    }
    let trimmed = text.trim();
    if trimmed.eq_ignore_ascii_case("true") || trimmed.eq_ignore_ascii_case("false") {
        return plain(Value::Boolean(trimmed.eq_ignore_ascii_case("true")));
    }
    number(trimmed, locale)
        .or_else(|| moment(trimmed, locale))
        .unwrap_or_else(|| plain(Value::Text(text.to_owned())))
}

fn number(text: &str, locale: Locale) -> Option<Entry> {
    if let Some(number) = bare_number(text, locale) {
        return Some(Entry {
            value: Value::Number(number),
            format: None,
        });
    }
    if let Some(percent) = text.strip_suffix('%') {
        let percent = percent.trim_end();
        let number = bare_number(percent, locale)?;
        let point = if locale.decimal_comma { ',' } else { '.' };
        let pattern = if percent.contains(point) { "0.00%" } else { "0%" };
        return Some(Entry {
            value: Value::Number(number / 100.0),
            format: Some(format("PERCENT", pattern)),
        });
    }
    let (sign, unsigned) = text.strip_prefix('-').map_or((1.0, text), |rest| (-1.0, rest));
    for symbol in ["$", "€", "£"] {
        let amount = unsigned.strip_prefix(symbol).or_else(|| unsigned.strip_suffix(symbol));
        if let Some(amount) = amount {
            let number = sign * bare_number(amount.trim(), locale)?;
            let pattern = if unsigned.starts_with(symbol) {
                format!("\"{symbol}\"#,##0.00")
            } else {
                format!("#,##0.00\" {symbol}\"")
            };
            return Some(Entry {
                value: Value::Number(number),
                format: Some(format("CURRENCY", &pattern)),
            });
        }
    }
    None
}

/// Reads digits with the locale's marks; marks of thousands must part whole groups of three.
fn bare_number(text: &str, locale: Locale) -> Option<f64> {
    let (point, thousands) = if locale.decimal_comma { (',', '.') } else { ('.', ',') };
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = unsigned
        .split_once(['e', 'E'])
        .map_or((unsigned, None), |(m, e)| (m, Some(e)));
    let (whole, fraction) = mantissa.split_once(point).map_or((mantissa, ""), |parts| parts);
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let groups: Vec<&str> = whole.split(thousands).collect();
    let grouped =
        groups.len() == 1 || (groups[1..].iter().all(|group| group.len() == 3) && (1..=3).contains(&groups[0].len()));
    if !grouped || !groups.iter().all(|group| digits(group)) || !digits(fraction) {
        return None;
    }
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    if exponent.is_some_and(|e| e.strip_prefix(['-', '+']).unwrap_or(e).is_empty() || e.len() > 5) {
        return None;
    }
    let exponent = exponent.map(|e| format!("e{e}")).unwrap_or_default();
    let sign = if text.starts_with('-') { "-" } else { "" };
    let plain = format!("{sign}{}.{fraction}0{exponent}", groups.concat());
    plain.parse().ok().filter(|number: &f64| number.is_finite())
}

fn moment(text: &str, locale: Locale) -> Option<Entry> {
    if let Some(moment) = parse_iso(text) {
        let serial = moment_to_serial(moment.with_nanosecond(0).unwrap_or(moment));
        let with_time = text.contains(':');
        let shape = if with_time {
            format("DATE_TIME", "yyyy-mm-dd hh:mm:ss")
        } else {
            format("DATE", "yyyy-mm-dd")
        };
        return Some(Entry {
            value: Value::Number(serial),
            format: Some(shape),
        });
    }
    let day = parse_date(text, locale)?;
    let pattern = match locale.order {
        _ if text.contains('.') => "dd.mm.yyyy",
        DateOrder::DayFirst => "dd/mm/yyyy",
        DateOrder::MonthFirst => "m/d/yyyy",
        DateOrder::YearFirst => "yyyy-mm-dd",
    };
    Some(Entry {
        value: Value::Number(to_serial(day) as f64),
        format: Some(format("DATE", pattern)),
    })
}

fn format(kind: &str, pattern: &str) -> NumberFormat {
    NumberFormat {
        r#type: Some(kind.to_owned()),
        pattern: Some(pattern.to_owned()),
    }
}
