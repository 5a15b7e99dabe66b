//! Foreign text becomes HTML in which nothing runs and nothing loads.
//!
//! Everything a step wrote comes through here or through the escaping of Leptos. Only the server draws it.

mod ansi;
mod code;
mod language;
mod markdown;
mod toml;

pub(crate) use ansi::terminal;
pub(crate) use code::{highlighted, plain};
pub(crate) use language::Language;
pub(crate) use markdown::markdown;

/// `text` with everything that means something in HTML taken as letters.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    escape_into(&mut out, text);
    out
}

/// Appends `text` to `out`, escaped.
pub(crate) fn escape_into(out: &mut String, text: &str) {
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // Shown as signs: none of them may hide what follows, or turn the order of letters around.
            '\u{0}'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{7f}' => out.push('\u{fffd}'),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                out.push_str("<i class=\"sign\" title=\"A sign that turns the order of letters around\">\u{2190}</i>");
            }
            letter => out.push(letter),
        }
    }
}
