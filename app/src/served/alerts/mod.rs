//! `/alerts`: what is wrong, what was, what opens an alert, and who hears of it.

mod channel;
mod channel_form;
mod channels;
mod now;
mod rules;

use super::{Ask, Page, not_found};
use crate::api::PageError;
use crate::served::parts::pill;
use leptos::prelude::*;

/// How bad something is: value, word, tone.
const SEVERITIES: [(&str, &str, &str); 3] = [
    ("info", "Info", "idle"),
    ("warning", "Warning", "warn"),
    ("critical", "Critical", "bad"),
];

/// The page at `/alerts/…`.
pub(super) async fn page(ask: &Ask, rest: &[&str]) -> Result<Page, PageError> {
    match *rest {
        [] => now::page(ask).await,
        ["channels", "new"] => channel_form::new(ask).await,
        ["channels", id] => channel::page(ask, id).await,
        ["channels", id, "edit"] => channel_form::edit(ask, id).await,
        _ => Ok(not_found::page()),
    }
}

fn severity(word: &str) -> AnyView {
    let known = SEVERITIES.iter().find(|(value, ..)| *value == word);
    known.map_or_else(|| pill(word.to_owned(), "idle"), |(_, word, tone)| pill(*word, tone))
}

fn severity_choices() -> Vec<(String, String)> {
    SEVERITIES
        .iter()
        .map(|(value, word, _)| ((*value).to_owned(), (*word).to_owned()))
        .collect()
}

/// A number of a rule with its unit, as people say it.
fn measure(number: i32, unit: &str) -> String {
    match unit {
        "percent" => format!("{number} %"),
        "s" => span(number),
        _ => number.to_string(),
    }
}

/// `90 s`, `15 min`, `2 h`: exact, whatever the unit.
fn span(seconds: i32) -> String {
    match seconds {
        seconds if seconds % 86_400 == 0 => format!("{} d", seconds / 86_400),
        seconds if seconds % 3600 == 0 => format!("{} h", seconds / 3600),
        seconds if seconds % 60 == 0 => format!("{} min", seconds / 60),
        seconds => format!("{seconds} s"),
    }
}

#[cfg(test)]
mod tests {
    use super::span;

    #[test]
    fn spans_are_exact() {
        assert_eq!(
            [30, 60, 900, 5400, 7200, 604_800].map(span),
            ["30 s", "1 min", "15 min", "90 min", "2 h", "7 d"]
        );
    }
}
