//! Words that people write: checkboxes, lists, periods.

/// Whether `text` says yes or no, in the words spreadsheets and people use.
pub(super) fn boolean(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "true" | "yes" | "y" | "x" | "1" | "on" | "✓" | "✔" | "wahr" | "ja" | "vrai" | "oui" | "verdadero" | "sí"
        | "si" | "vero" | "sì" | "waar" | "prawda" | "tak" | "verdadeiro" | "sim" => Some(true),
        "false" | "no" | "n" | "0" | "off" | "falsch" | "nein" | "faux" | "non" | "falso" | "onwaar" | "nee"
        | "fałsz" | "nie" | "não" => Some(false),
        _ => None,
    }
}

/// The parts of a list with commas, semicolons, pipes or line breaks between them, each once, in their order.
pub(super) fn list(text: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for part in text.split([',', ';', '|', '\n']).map(str::trim) {
        if !part.is_empty() && !parts.iter().any(|known| known == part) {
            parts.push(part.to_owned());
        }
    }
    parts
}

/// A planning period in its one spelling: 2026, 2026-Q1, 2026-03, 2026-W05. `2026-M3` and `2026-W5` are older ones.
pub(super) fn period(text: &str) -> Option<String> {
    let text = text.trim().to_ascii_uppercase().replace([' ', '_'], "-");
    let (year, part) = match text.split_once('-') {
        Some((year, part)) => (year, Some(part)),
        None => (text.as_str(), None),
    };
    if year.len() != 4 || !year.starts_with(['1', '2']) || !digits(year) {
        return None;
    }
    let Some(part) = part else {
        return Some(year.to_owned());
    };
    let within = |number: &str, last: u32| -> Option<u32> {
        let number: u32 = (digits(number) && number.len() <= 2).then(|| number.parse().ok())??;
        (1..=last).contains(&number).then_some(number)
    };
    if let Some(quarter) = part.strip_prefix('Q') {
        return within(quarter, 4).map(|quarter| format!("{year}-Q{quarter}"));
    }
    if let Some(week) = part.strip_prefix('W') {
        return within(week, 53).map(|week| format!("{year}-W{week:02}"));
    }
    let month = part.strip_prefix('M').unwrap_or(part);
    within(month, 12).map(|month| format!("{year}-{month:02}"))
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
