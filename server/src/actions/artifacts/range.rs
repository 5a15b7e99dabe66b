//! Which part of the bytes a request asks for.

use http::{HeaderMap, header};
use std::ops::Range;

/// What a request wants of some bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Asked {
    /// All of them.
    Whole,
    /// These.
    Part(Range<u64>),
    /// None: the caller has them.
    Nothing,
    /// Some that are not there.
    Beyond,
}

/// Reads the headers of a request for `size_bytes` bytes with the tag `tag`.
pub(super) fn asked(headers: &HeaderMap, tag: &str, size_bytes: u64) -> Asked {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if text(header::IF_NONE_MATCH).is_some_and(|tags| names(tags, tag)) {
        return Asked::Nothing;
    }
    let is_other = text(header::IF_RANGE).is_some_and(|known| known.trim() != tag);
    match text(header::RANGE).and_then(|range| range.trim().strip_prefix("bytes=")) {
        Some(range) if !is_other => part(range, size_bytes),
        _ => Asked::Whole,
    }
}

fn names(tags: &str, tag: &str) -> bool {
    tags.split(',')
        .map(str::trim)
        .any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
}

/// What is no range, or several, is answered with everything, as RFC 9110 allows.
fn part(range: &str, size_bytes: u64) -> Asked {
    let Some((first, last)) = range.split_once('-') else {
        return Asked::Whole;
    };
    let number = |text: &str| {
        text.bytes()
            .all(|byte| byte.is_ascii_digit())
            .then(|| text.parse::<u64>().ok())
            .flatten()
    };
    let range = match (first.trim(), last.trim()) {
        ("", "") => return Asked::Whole,
        ("", last) => match number(last) {
            Some(0) => return Asked::Beyond,
            Some(count) => size_bytes.saturating_sub(count)..size_bytes,
            None => return Asked::Whole,
        },
        (first, "") => match number(first) {
            Some(first) => first..size_bytes,
            None => return Asked::Whole,
        },
        (first, last) => match (number(first), number(last)) {
            (Some(first), Some(last)) if first <= last => first..last.saturating_add(1).min(size_bytes),
            _ => return Asked::Whole,
        },
    };
    if range.start >= size_bytes {
        return Asked::Beyond;
    }
    Asked::Part(range)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pairs: &[(&'static str, &'static str)], size_bytes: u64) -> Asked {
        let headers = pairs
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect();
        asked(&headers, "\"abc\"", size_bytes)
    }

    #[test]
    fn one_range_is_a_part() {
        assert_eq!(of(&[("range", "bytes=0-3")], 10), Asked::Part(0..4));
        assert_eq!(of(&[("range", "bytes=8-99")], 10), Asked::Part(8..10));
        assert_eq!(of(&[("range", "bytes=4-")], 10), Asked::Part(4..10));
        assert_eq!(of(&[("range", "bytes=-3")], 10), Asked::Part(7..10));
        assert_eq!(of(&[("range", "bytes=-30")], 10), Asked::Part(0..10));
    }

    #[test]
    fn what_is_not_there_is_beyond_and_what_is_no_range_is_the_whole() {
        for range in ["bytes=10-", "bytes=12-20", "bytes=-0"] {
            assert_eq!(
                asked(
                    &HeaderMap::from_iter([(header::RANGE, range.parse().unwrap())]),
                    "\"abc\"",
                    10
                ),
                Asked::Beyond
            );
        }
        assert_eq!(of(&[("range", "bytes=0-")], 0), Asked::Beyond);
        for range in [
            "bytes=0-1,4-5",
            "bytes=5-2",
            "bytes=-",
            "bytes=a-b",
            "items=0-1",
            "bytes=+1-2",
        ] {
            assert_eq!(
                asked(
                    &HeaderMap::from_iter([(header::RANGE, range.parse().unwrap())]),
                    "\"abc\"",
                    10
                ),
                Asked::Whole
            );
        }
    }

    #[test]
    fn who_has_the_bytes_gets_none_and_who_has_others_gets_all() {
        assert_eq!(of(&[("if-none-match", "\"x\", W/\"abc\"")], 10), Asked::Nothing);
        assert_eq!(of(&[("if-none-match", "\"x\"")], 10), Asked::Whole);
        assert_eq!(of(&[("range", "bytes=0-3"), ("if-range", "\"x\"")], 10), Asked::Whole);
        assert_eq!(
            of(&[("range", "bytes=0-3"), ("if-range", "\"abc\"")], 10),
            Asked::Part(0..4)
        );
    }
}
