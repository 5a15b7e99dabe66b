//! The lines on which things stand.

use std::ops::Range;

/// Where the line begins on which `at` stands.
pub(super) fn start(source: &str, at: usize) -> usize {
    source[..at].rfind('\n').map_or(0, |found| found + 1)
}

/// Where the line ends on which `at` stands, its break included.
pub(super) fn end(source: &str, at: usize) -> usize {
    source[at..].find('\n').map_or(source.len(), |found| at + found + 1)
}

/// How far `at` stands from the begin of its line.
pub(super) fn column(source: &str, at: usize) -> usize {
    source[start(source, at)..at].chars().count()
}

/// Whether `at` is the first sign on its line.
pub(super) fn is_first(source: &str, at: usize) -> bool {
    source[start(source, at)..at].trim().is_empty()
}

/// Where the comments begin that stand directly above the line at `line`, as deep as it.
pub(super) fn with_comments(source: &str, line: usize, floor: usize) -> usize {
    let depth = indent(&source[line..]);
    let mut from = line;
    while from > floor {
        let above = start(source, from - 1);
        let text = &source[above..from];
        if above < floor || !text.trim_start().starts_with('#') || indent(text) != depth {
            break;
        }
        from = above;
    }
    from
}

/// Where the comments end that stand at `line` and below, deeper than `column`.
pub(super) fn past_comments(source: &str, line: usize, column: usize) -> usize {
    let (mut past, mut at) = (line, line);
    while at < source.len() {
        let next = end(source, at);
        let text = &source[at..next];
        if text.trim_start().starts_with('#') && indent(text) > column {
            past = next;
        } else if !text.trim().is_empty() {
            break;
        }
        at = next;
    }
    past
}

/// The comment behind the last sign of the line at `at`, from its `#`.
pub(super) fn comment_behind(source: &str, at: usize) -> Option<&str> {
    let rest = source[at..end(source, at)].trim();
    rest.starts_with('#').then_some(rest)
}

/// The text with other words in one place.
pub(super) fn replace(source: &str, range: Range<usize>, text: &str) -> String {
    [&source[..range.start], text, &source[range.end..]].concat()
}

/// The text with a break at its end, so that lines can be put behind it.
pub(super) fn ended(source: &str) -> String {
    if source.is_empty() || source.ends_with('\n') {
        source.to_owned()
    } else {
        format!("{source}\n")
    }
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}
