//! Number formats: a number as a pattern such as `#,##0.00` or `dd.mm.yyyy` shows it.

use chrono::{Datelike, NaiveDateTime, Timelike};
use sheets::values::{Locale, from_serial};

/// One part of a pattern.
#[derive(Debug, Clone, PartialEq)]
enum Part {
    Literal(String),
    /// A run of one letter that stands for a part of a moment.
    Moment(char, usize),
    /// `AM/PM`.
    HalfDay,
    /// Digits with their marks, as in `#,##0.00`.
    Digits(String),
    /// `E+00`: how many digits the exponent has at least.
    Exponent(usize),
    Percent,
}

/// Shows a number by a pattern; `None` where the pattern says nothing about numbers.
pub fn show(number: f64, pattern: &str, locale: Locale) -> Option<String> {
    let sections = sections(pattern);
    let (section, number) = match (sections.as_slice(), number) {
        ([_, negative, ..], number) if number < 0.0 => (negative, -number),
        ([_, _, zero, ..], number) if number == 0.0 => (zero, number),
        ([first, ..], number) => (first, number),
        ([], _) => return None,
    };
    let parts = parts(section);
    if parts.iter().any(|part| matches!(part, Part::Moment(..))) {
        return Some(show_moment(from_serial(number)?, &parts));
    }
    parts
        .iter()
        .any(|part| matches!(part, Part::Digits(_)))
        .then(|| show_number(number, &parts, locale))
}

/// Says whether a pattern shows a moment.
pub fn is_moment(pattern: &str) -> bool {
    let first = sections(pattern).into_iter().next().unwrap_or_default();
    parts(&first).iter().any(|part| matches!(part, Part::Moment(..)))
}

/// Shows a number that has no pattern, with at most ten significant digits after the point.
pub fn general(number: f64, locale: Locale) -> String {
    let size = number.abs();
    let text = if size != 0.0 && !(1e-9..1e15).contains(&size) {
        let text = format!("{number:.5E}");
        let (mantissa, exponent) = text.split_once('E').unwrap_or((&text, "0"));
        let exponent: i32 = exponent.parse().unwrap_or_default();
        let mark = if exponent < 0 { '-' } else { '+' };
        format!("{}E{mark}{:02}", trimmed(mantissa), exponent.abs())
    } else {
        trimmed(&format!("{number:.9}")).to_owned()
    };
    let text = if text == "-0" { "0".to_owned() } else { text };
    if locale.decimal_comma {
        text.replace('.', ",")
    } else {
        text
    }
}

fn trimmed(text: &str) -> &str {
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.')
    } else {
        text
    }
}

fn sections(pattern: &str) -> Vec<String> {
    let mut sections = vec![String::new()];
    let mut quoted = false;
    for letter in pattern.chars() {
        quoted ^= letter == '"';
        match sections.last_mut() {
            Some(last) if quoted || letter != ';' => last.push(letter),
            _ => sections.push(String::new()),
        }
    }
    sections
}

fn parts(section: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut letters = section.chars().peekable();
    while let Some(letter) = letters.next() {
        let lower = letter.to_ascii_lowercase();
        match lower {
            '"' => parts.push(Part::Literal(
                letters.by_ref().take_while(|letter| *letter != '"').collect(),
            )),
            '\\' => parts.push(Part::Literal(letters.next().map(String::from).unwrap_or_default())),
            // Colours and conditions in brackets say nothing about the text.
            '[' => letters.by_ref().take_while(|letter| *letter != ']').for_each(drop),
            '_' | '*' => drop(letters.next()),
            '%' => parts.push(Part::Percent),
            'e' if letters.peek().is_some_and(|next| matches!(next, '+' | '-')) => {
                letters.next();
                let mut digits = 0;
                while letters.next_if(|next| *next == '0').is_some() {
                    digits += 1;
                }
                parts.push(Part::Exponent(digits));
            }
            'a' if letters.clone().take(4).collect::<String>().eq_ignore_ascii_case("m/pm") => {
                letters.by_ref().take(4).for_each(drop);
                parts.push(Part::HalfDay);
            }
            'y' | 'm' | 'd' | 'h' | 's' => {
                let mut count = 1;
                while letters.next_if(|next| next.to_ascii_lowercase() == lower).is_some() {
                    count += 1;
                }
                parts.push(Part::Moment(lower, count));
            }
            '0' | '#' | '?' | '.' | ',' => {
                let mut digits = String::from(letter);
                while let Some(next) = letters.next_if(|next| matches!(next, '0' | '#' | '?' | '.' | ',')) {
                    digits.push(next);
                }
                let is_number = digits.contains(['0', '#', '?']);
                parts.push(if is_number {
                    Part::Digits(digits)
                } else {
                    Part::Literal(digits)
                });
            }
            _ => parts.push(Part::Literal(letter.to_string())),
        }
    }
    parts
}

fn show_number(number: f64, parts: &[Part], locale: Locale) -> String {
    let percents = parts.iter().filter(|part| **part == Part::Percent).count();
    let exponent = parts.iter().any(|part| matches!(part, Part::Exponent(_)));
    let mut size = number.abs() * 100_f64.powi(percents as i32);
    let mut power = 0;
    if exponent && size > 0.0 {
        power = size.log10().floor() as i32;
        size /= 10_f64.powi(power);
    }
    let mut text = String::new();
    let mut shown = false;
    for part in parts {
        match part {
            Part::Literal(literal) => text.push_str(literal),
            Part::Percent => text.push('%'),
            Part::Digits(pattern) if !shown => {
                shown = true;
                let digits = digits(size, pattern, locale);
                // A number that rounds to nothing has no sign.
                if number < 0.0 && digits.contains(|digit: char| ('1'..='9').contains(&digit)) {
                    text.insert(0, '-');
                }
                text.push_str(&digits);
            }
            Part::Exponent(width) => {
                let mark = if power < 0 { '-' } else { '+' };
                let exponent = format!("{:0width$}", power.abs(), width = *width);
                text.extend(['E', mark]);
                text.push_str(&exponent);
            }
            Part::Digits(_) | Part::Moment(..) | Part::HalfDay => {}
        }
    }
    text
}

fn digits(size: f64, pattern: &str, locale: Locale) -> String {
    let (whole_pattern, fraction_pattern) = pattern.split_once('.').unwrap_or((pattern, ""));
    // Marks at the end divide by a thousand each.
    let scale = whole_pattern.len() - whole_pattern.trim_end_matches(',').len();
    let size = size / 1000_f64.powi(scale as i32);
    let grouped = whole_pattern.trim_end_matches(',').contains(',');
    let least = |pattern: &str| pattern.bytes().filter(|byte| *byte == b'0').count();
    let most = fraction_pattern
        .bytes()
        .filter(|byte| matches!(byte, b'0' | b'#' | b'?'))
        .count()
        .min(30);
    let text = format!("{size:.most$}");
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let whole = if whole == "0" { "" } else { whole };
    let whole = format!("{whole:0>width$}", width = least(whole_pattern));
    let kept = fraction
        .trim_end_matches('0')
        .len()
        .max(least(fraction_pattern))
        .min(fraction.len());
    let (point, thousands) = if locale.decimal_comma { (',', '.') } else { ('.', ',') };
    let mut shown = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if grouped && at > 0 && (whole.len() - at) % 3 == 0 {
            shown.push(thousands);
        }
        shown.push(digit);
    }
    if kept > 0 {
        shown.push(point);
        shown.push_str(&fraction[..kept]);
    }
    shown
}

fn show_moment(moment: NaiveDateTime, parts: &[Part]) -> String {
    let half_day = parts.contains(&Part::HalfDay);
    let hour = if half_day { moment.hour12().1 } else { moment.hour() };
    let mut text = String::new();
    for (at, part) in parts.iter().enumerate() {
        let shown = match part {
            Part::Literal(literal) | Part::Digits(literal) => literal.clone(),
            Part::HalfDay => (if moment.hour12().0 { "PM" } else { "AM" }).to_owned(),
            Part::Percent | Part::Exponent(_) => String::new(),
            Part::Moment('y', 1 | 2) => format!("{:02}", moment.year() % 100),
            Part::Moment('y', _) => format!("{:04}", moment.year()),
            Part::Moment('m', width @ (1 | 2)) if is_minute(parts, at) => padded(moment.minute(), *width),
            Part::Moment('m', width @ (1 | 2)) => padded(moment.month(), *width),
            Part::Moment('m', 3) => moment.format("%b").to_string(),
            Part::Moment('m', _) => moment.format("%B").to_string(),
            Part::Moment('d', width @ (1 | 2)) => padded(moment.day(), *width),
            Part::Moment('d', 3) => moment.format("%a").to_string(),
            Part::Moment('d', _) => moment.format("%A").to_string(),
            Part::Moment('h', width) => padded(hour, *width),
            Part::Moment(_, width) => padded(moment.second(), *width),
        };
        text.push_str(&shown);
    }
    text
}

/// `m` next to hours or seconds is a minute, and else a month.
fn is_minute(parts: &[Part], at: usize) -> bool {
    let letter = |part: &Part| match part {
        Part::Moment(letter, _) => Some(*letter),
        _ => None,
    };
    let before = parts[..at].iter().rev().find_map(letter);
    let after = parts[at + 1..].iter().find_map(letter);
    before == Some('h') || after == Some('s')
}

fn padded(number: u32, width: usize) -> String {
    format!("{number:0width$}", width = width.min(2))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(number: f64, pattern: &str) -> String {
        show(number, pattern, Locale::of("en_US")).expect("a number format")
    }

    #[test]
    fn common_patterns_show_numbers_as_people_expect() {
        assert_eq!(shown(1_234_567.891, "#,##0.00"), "1,234,567.89");
        assert_eq!(shown(0.256, "0%"), "26%");
        assert_eq!(shown(0.256, "0.00%"), "25.60%");
        assert_eq!(shown(-12.5, "\"$\"#,##0.00"), "-$12.50");
        assert_eq!(shown(12345.0, "0.00E+00"), "1.23E+04");
        assert_eq!(shown(7.0, "000"), "007");
        assert_eq!(shown(-3.0, "0;(0)"), "(3)");
        assert_eq!(shown(-0.001, "0.0"), "0.0");
        assert_eq!(
            show(1234.5, "#,##0.00", Locale::of("de_DE")).as_deref(),
            Some("1.234,50")
        );
    }

    #[test]
    fn days_and_times_are_shown_by_their_pattern() {
        assert_eq!(shown(46027.0, "yyyy-mm-dd"), "2026-01-05");
        assert_eq!(shown(46027.75, "dd.mm.yyyy hh:mm"), "05.01.2026 18:00");
        assert_eq!(shown(46027.75, "m/d/yy h:mm am/pm"), "1/5/26 6:00 PM");
        assert_eq!(shown(46027.0, "dddd, d mmmm yyyy"), "Monday, 5 January 2026");
    }

    #[test]
    fn numbers_without_a_pattern_show_no_needless_digits() {
        let english = Locale::of("en_US");
        assert_eq!(general(1.5, english), "1.5");
        assert_eq!(general(0.1 + 0.2, english), "0.3");
        assert_eq!(general(-0.0, english), "0");
        assert_eq!(general(1e20, english), "1E+20");
        assert_eq!(general(1.5, Locale::of("de_DE")), "1,5");
    }
}
