//! Days and times: serial numbers of spreadsheets, ISO 8601, and what people write.

use super::{DateOrder, Locale};
use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};

/// The last day a spreadsheet knows, 9999-12-31.
const LAST_SERIAL: f64 = 2_958_466.0;
const SECONDS_PER_DAY: f64 = 86_400.0;

/// Day 0 of spreadsheets, 1899-12-30.
fn day_zero() -> NaiveDate {
    NaiveDate::from_ymd_opt(1899, 12, 30).unwrap_or_default()
}

/// The day and time of a serial number; fractions of a second are rounded.
pub fn from_serial(serial: f64) -> Option<NaiveDateTime> {
    if !(0.0..LAST_SERIAL).contains(&serial) {
        return None;
    }
    let day = day_zero().checked_add_days(Days::new(serial.floor() as u64))?;
    let seconds = (serial.fract() * SECONDS_PER_DAY).round() as i64;
    day.and_time(NaiveTime::MIN)
        .checked_add_signed(TimeDelta::seconds(seconds))
}

/// The serial number of a day.
pub fn to_serial(day: NaiveDate) -> i64 {
    day.signed_duration_since(day_zero()).num_days()
}

/// The serial number of a day and time, to the millisecond.
pub fn moment_to_serial(moment: NaiveDateTime) -> f64 {
    let of_day = (moment.time() - NaiveTime::MIN).num_milliseconds() as f64;
    to_serial(moment.date()) as f64 + of_day / (SECONDS_PER_DAY * 1000.0)
}

/// The day that `text` means under `locale`; `None` when it means none, or could mean two.
pub fn parse_date(text: &str, locale: Locale) -> Option<NaiveDate> {
    if let Some(moment) = parse_iso(text) {
        return Some(moment.date());
    }
    let separator = text.chars().find(|letter| matches!(letter, '/' | '.' | '-'))?;
    let parts: Vec<&str> = text
        .split(separator)
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    let [first, second, third] = parts.as_slice() else {
        return None;
    };
    let number = |part: &str| -> Option<u32> {
        part.bytes()
            .all(|byte| byte.is_ascii_digit())
            .then(|| part.parse().ok())?
    };
    if first.len() == 4 {
        return NaiveDate::from_ymd_opt(number(first)?.cast_signed(), number(second)?, number(third)?);
    }
    if third.len() != 4 || first.len() > 2 || second.len() > 2 {
        return None;
    }
    // Dots are written with the day first everywhere.
    let order = if separator == '.' {
        DateOrder::DayFirst
    } else {
        locale.order
    };
    let (day, month) = match order {
        DateOrder::DayFirst => (first, second),
        DateOrder::MonthFirst => (second, first),
        DateOrder::YearFirst => return None,
    };
    NaiveDate::from_ymd_opt(number(third)?.cast_signed(), number(month)?, number(day)?)
}

/// A day and time in ISO 8601; a zone that is named is left aside, the time stands as it is written.
pub fn parse_iso(text: &str) -> Option<NaiveDateTime> {
    if let Ok(day) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        return Some(day.and_time(NaiveTime::MIN));
    }
    let bare = text.trim_end_matches('Z').trim_end_matches("UTC").trim_end();
    [
        "%Y-%m-%dT%H:%M:%S%.f",
        "%Y-%m-%d %H:%M:%S%.f",
        "%Y-%m-%dT%H:%M",
        "%Y-%m-%d %H:%M",
    ]
    .iter()
    .find_map(|form| NaiveDateTime::parse_from_str(bare, form).ok())
    .or_else(|| {
        chrono::DateTime::parse_from_rfc3339(text)
            .ok()
            .map(|moment| moment.naive_local())
    })
}
