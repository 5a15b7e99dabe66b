//! Numbers that people wrote as text.

use super::Locale;

/// The number that `text` means under `locale`; `None` when it means none, or could mean two.
pub(super) fn parse(text: &str, locale: Locale) -> Option<f64> {
    let compact: String = text
        .chars()
        .filter(|letter| !letter.is_whitespace() && !matches!(letter, '\u{a0}' | '\u{202f}' | '\'' | '’'))
        .map(|letter| if letter == '−' { '-' } else { letter })
        .collect();
    let (digits, scale) = match compact.strip_suffix('%') {
        Some(digits) => (digits, 100.0),
        None => (compact.as_str(), 1.0),
    };
    let (decimal, group) = if locale.decimal_comma { (',', '.') } else { ('.', ',') };
    let (whole, fraction) = match digits.split_once(decimal) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (digits, None),
    };
    let whole = ungrouped(whole, group)?;
    let plain = match fraction {
        Some(fraction) => format!("{whole}.{fraction}"),
        None => whole,
    };
    let allowed = |letter: char| letter.is_ascii_digit() || matches!(letter, '.' | '-' | '+' | 'e' | 'E');
    if !plain.chars().all(allowed) || !plain.contains(|letter: char| letter.is_ascii_digit()) {
        return None;
    }
    let number: f64 = plain.parse().ok()?;
    let number = number / scale;
    number.is_finite().then_some(number)
}

/// Takes out group separators, if they separate groups: `1.234` is one number, `1.5` is not.
fn ungrouped(whole: &str, group: char) -> Option<String> {
    if !whole.contains(group) {
        return Some(whole.to_owned());
    }
    let mut groups = whole.split(group);
    let first = groups.next()?.trim_start_matches(['-', '+']);
    let well_begun = (1..=3).contains(&first.len());
    let well_grouped = groups.all(|part| part.len() == 3 && part.bytes().all(|byte| byte.is_ascii_digit()));
    (well_begun && well_grouped).then(|| whole.replace(group, ""))
}
