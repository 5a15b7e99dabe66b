//! The colours of TOML, line by line.

use super::escape_into;

/// One line as HTML.
pub(super) fn line(text: &str) -> String {
    let mut out = String::new();
    let trimmed = text.trim_start();
    let indent = &text[..text.len() - trimmed.len()];
    out.push_str(indent);
    if trimmed.starts_with('[') && !trimmed.contains('=') {
        span(&mut out, "h", trimmed);
        return out;
    }
    let mut rest = trimmed;
    if let Some(at) = key_end(trimmed) {
        span(&mut out, "f", &trimmed[..at]);
        rest = &trimmed[at..];
    }
    values(&mut out, rest);
    out
}

/// Where the name before `=` ends.
fn key_end(text: &str) -> Option<usize> {
    if text.starts_with('#') {
        return None;
    }
    let mut quote = None;
    for (at, letter) in text.char_indices() {
        match (quote, letter) {
            (None, '=') => return Some(text[..at].trim_end().len()).filter(|end| *end > 0),
            (None, '"' | '\'') => quote = Some(letter),
            (None, '.' | '-' | '_' | ' ' | '\t') => {}
            (None, letter) if letter.is_alphanumeric() => {}
            (None, _) => return None,
            (Some(open), letter) if letter == open => quote = None,
            _ => {}
        }
    }
    None
}

fn values(out: &mut String, mut rest: &str) {
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '#' => rest.len(),
            '"' | '\'' => quoted(rest, first),
            letter if letter.is_alphanumeric() || matches!(letter, '+' | '-') => rest
                .find(|letter: char| !letter.is_alphanumeric() && !matches!(letter, '+' | '-' | '_' | '.' | ':'))
                .unwrap_or(rest.len()),
            letter => letter.len_utf8(),
        };
        let (word, behind) = rest.split_at(length);
        match first {
            '#' => span(out, "c", word),
            '"' | '\'' => span(out, "s", word),
            letter if letter.is_alphanumeric() || matches!(letter, '+' | '-') => span(out, "n", word),
            _ => escape_into(out, word),
        }
        rest = behind;
    }
}

/// The length of a text with its quotes; one that does not end here ends with the line.
fn quoted(text: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (at, letter) in text.char_indices().skip(1) {
        match letter {
            _ if is_escaped => is_escaped = false,
            '\\' if quote == '"' => is_escaped = true,
            letter if letter == quote => return at + letter.len_utf8(),
            _ => {}
        }
    }
    text.len()
}

fn span(out: &mut String, class: &str, text: &str) {
    out.push_str("<b class=\"");
    out.push_str(class);
    out.push_str("\">");
    escape_into(out, text);
    out.push_str("</b>");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_values_and_comments_are_told_apart() {
        assert_eq!(line("[table]"), "<b class=\"h\">[table]</b>");
        assert_eq!(
            line("a.b = 12 # \"no\""),
            "<b class=\"f\">a.b</b> = <b class=\"n\">12</b> <b class=\"c\"># &quot;no&quot;</b>"
        );
        assert_eq!(
            line("k = \"a\\\"b\""),
            "<b class=\"f\">k</b> = <b class=\"s\">&quot;a\\&quot;b&quot;</b>"
        );
    }
}
