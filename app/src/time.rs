//! Times and spans as people read them; pure, in Unix milliseconds and UTC.

/// Year, month, day, hour, minute, second.
fn civil(at: i64) -> (i64, i64, i64, i64, i64, i64) {
    let seconds = at.div_euclid(1000);
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    // Days since 0000-03-01, in eras of 400 years: leap days fall at the end of a year.
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day, second / 3600, second / 60 % 60, second % 60)
}

/// `2026-01-14T09:31:02Z`, for machines.
pub(crate) fn iso(at: i64) -> String {
    let (year, month, day, hour, minute, second) = civil(at);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// `2026-01-14 09:31:02 UTC`, for tooltips.
pub(crate) fn stamp(at: i64) -> String {
    let (year, month, day, hour, minute, second) = civil(at);
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02} UTC")
}

/// `09:31:02`, for logs.
pub(crate) fn clock(at: i64) -> String {
    let (_, _, _, hour, minute, second) = civil(at);
    format!("{hour:02}:{minute:02}:{second:02}")
}

/// `09:31`, for the chart.
pub(crate) fn minute(at: i64) -> String {
    let (_, _, _, hour, minute, _) = civil(at);
    format!("{hour:02}:{minute:02}")
}

/// `0:01.5` or `1:03:20.0`: how long after the beginning, for logs; never negative.
pub(crate) fn since(span: i64) -> String {
    let span = span.max(0);
    let (hours, minutes, seconds) = (span / 3_600_000, span / 60_000 % 60, span / 1000 % 60);
    let tenths = span / 100 % 10;
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}.{tenths}")
    } else {
        format!("{minutes}:{seconds:02}.{tenths}")
    }
}

/// A ticking span, `0:42`, `12:09`, `3:04:05` or `2 d 4 h`; never negative.
pub(crate) fn ticking(span: i64) -> String {
    let seconds = (span / 1000).max(0);
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60);
    if days > 0 {
        format!("{days} d {hours} h")
    } else if hours > 0 {
        format!("{hours}:{minutes:02}:{:02}", seconds % 60)
    } else {
        format!("{minutes}:{:02}", seconds % 60)
    }
}

/// A span that ended, `40 ms`, `1.8 s`, `48 s`, `1 m 08 s` or `2 h 03 m`; never negative.
pub(crate) fn span(span: i64) -> String {
    let span = span.max(0);
    let seconds = span / 1000;
    match seconds {
        0 => format!("{span} ms"),
        1..10 => format!("{}.{} s", seconds, span / 100 % 10),
        10..60 => format!("{seconds} s"),
        60..3600 => format!("{} m {:02} s", seconds / 60, seconds % 60),
        3600..86_400 => format!("{} h {:02} m", seconds / 3600, seconds / 60 % 60),
        _ => format!("{} d {} h", seconds / 86_400, seconds / 3600 % 24),
    }
}

/// How long ago, in one unit: `now`, `2 s ago`, `3 min ago`; `in 5 min` for what is to come.
pub(crate) fn ago(span: i64) -> String {
    let seconds = span.abs() / 1000;
    let text = match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min", seconds / 60),
        3600..86_400 => format!("{} h", seconds / 3600),
        _ => format!("{} d", seconds / 86_400),
    };
    if seconds == 0 {
        "now".to_owned()
    } else if span < 0 {
        format!("in {text}")
    } else {
        format!("{text} ago")
    }
}

/// `12,848`.
pub(crate) fn count(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::from(if number < 0 { "−" } else { "" });
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_in_utc() {
        assert_eq!(iso(1_768_383_062_000), "2026-01-14T09:31:02Z");
        assert_eq!(stamp(951_782_400_000), "2000-02-29 00:00:00 UTC");
        assert_eq!(iso(-1000), "1969-12-31T23:59:59Z");
        assert_eq!(clock(1_768_383_062_999), "09:31:02");
    }

    #[test]
    fn spans_take_the_unit_that_fits() {
        assert_eq!(ticking(42_900), "0:42");
        assert_eq!(ticking(11_045_000), "3:04:05");
        assert_eq!(ticking(-5), "0:00");
        assert_eq!(since(1_560), "0:01.5");
        assert_eq!(since(3_800_000), "1:03:20.0");
        assert_eq!(span(940), "940 ms");
        assert_eq!(span(1_850), "1.8 s");
        assert_eq!(span(68_000), "1 m 08 s");
        assert_eq!(span(7_400_000), "2 h 03 m");
        assert_eq!(ago(-300), "now");
        assert_eq!(ago(2_100), "2 s ago");
        assert_eq!(ago(-300_000), "in 5 min");
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(count(1284), "1,284");
        assert_eq!(count(999), "999");
        assert_eq!(count(1_000_000), "1,000,000");
    }
}
