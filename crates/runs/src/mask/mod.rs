//! Hides the values of secrets in whatever leaves a step: log lines, events, outputs, artifacts, errors.
//!
//! A value is hidden as it is and in the forms in which programs like to print it: inside JSON, in
//! base64 at any offset, percent-encoded. What a program does beyond that, such as printing it
//! backwards, cannot be known.

mod stream;

pub use stream::StreamMask;

use base64::{Engine, engine::general_purpose};
use serde_json::Value;
use std::{borrow::Cow, fmt::Write, ops::Range};

/// Shorter values are not hidden: half of every text would go with them. They are refused when a
/// secret is saved.
pub const SHORTEST_SECRET: usize = 4;

/// What stands where a secret stood.
const HIDDEN: &str = "***";

/// The secrets that must not be seen.
#[derive(Clone, Default)]
pub struct Mask {
    needles: Vec<String>,
}

impl Mask {
    /// A mask that hides `values`.
    pub fn new<I, S>(values: I) -> Self
    where
        I: IntoIterator<Item = S>,
        S: AsRef<str>,
    {
        let mut mask = Self::default();
        mask.add(values);
        mask
    }

    /// Hides `values` too from now on.
    pub fn add<I, S>(&mut self, values: I)
    where
        I: IntoIterator<Item = S>,
        S: AsRef<str>,
    {
        for value in values {
            self.needles.extend(forms(value.as_ref()));
        }
        self.needles.sort();
        self.needles.dedup();
    }

    /// Whether nothing is hidden.
    pub fn is_empty(&self) -> bool {
        self.needles.is_empty()
    }

    /// Bytes of the longest form: so much of an unfinished text may still turn out to be a secret.
    pub fn longest(&self) -> usize {
        self.needles.iter().map(String::len).max().unwrap_or(0)
    }

    /// `text` without secrets.
    pub fn text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let hidden = self.ranges(text);
        if hidden.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut clean = String::with_capacity(text.len());
        let mut from = 0;
        for range in hidden {
            clean.push_str(&text[from..range.start]);
            clean.push_str(HIDDEN);
            from = range.end;
        }
        clean.push_str(&text[from..]);
        Cow::Owned(clean)
    }

    /// `value` without secrets in its texts, names and numbers.
    pub fn value(&self, value: Value) -> Value {
        if self.is_empty() {
            return value;
        }
        match value {
            Value::String(text) => Value::String(self.text(&text).into_owned()),
            Value::Array(items) => items.into_iter().map(|item| self.value(item)).collect(),
            Value::Object(map) => map
                .into_iter()
                .map(|(name, value)| (self.text(&name).into_owned(), self.value(value)))
                .collect(),
            Value::Number(number) if !self.ranges(&number.to_string()).is_empty() => Value::from(HIDDEN),
            other => other,
        }
    }

    /// `bytes` without secrets. In what is not text the length stays, so that offsets inside hold.
    pub fn bytes(&self, bytes: Vec<u8>) -> Vec<u8> {
        if self.is_empty() {
            return bytes;
        }
        match String::from_utf8(bytes) {
            Ok(text) => self.text(&text).into_owned().into_bytes(),
            Err(error) => {
                let mut bytes = error.into_bytes();
                for needle in &self.needles {
                    let mut from = 0;
                    while let Some(at) = find(&bytes[from..], needle.as_bytes()) {
                        from += at + needle.len();
                        bytes[from - needle.len()..from].fill(b'*');
                    }
                }
                bytes
            }
        }
    }

    /// Where `text` may be cut at `at` or a little before, so that no secret is cut in two.
    pub fn cut(&self, text: &str, at: usize) -> usize {
        self.ranges(text)
            .into_iter()
            .find(|range| range.contains(&at))
            .map_or(at, |range| range.start)
    }

    /// The secrets in `text`, in order; those that overlap or touch are one.
    fn ranges(&self, text: &str) -> Vec<Range<usize>> {
        let mut found: Vec<Range<usize>> = Vec::new();
        for needle in &self.needles {
            let mut from = 0;
            while let Some(at) = text[from..].find(needle) {
                let start = from + at;
                found.push(start..start + needle.len());
                from = start + text[start..].chars().next().map_or(1, char::len_utf8);
            }
        }
        merged(found)
    }
}

impl std::fmt::Debug for Mask {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mask").field("forms", &self.needles.len()).finish()
    }
}

/// These ranges in order; those that overlap or touch are one.
fn merged(mut found: Vec<Range<usize>>) -> Vec<Range<usize>> {
    found.sort_by_key(|range| range.start);
    found
        .into_iter()
        .fold(Vec::new(), |mut merged: Vec<Range<usize>>, range| {
            match merged.last_mut() {
                Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
                _ => merged.push(range),
            }
            merged
        })
}

/// Every form in which `secret` is looked for.
fn forms(secret: &str) -> Vec<String> {
    // A key of several lines is printed line by line, and is looked for in the same way.
    let pieces = secret.lines().map(str::trim).chain([secret]);
    pieces
        .filter(|piece| piece.len() >= SHORTEST_SECRET)
        .flat_map(|piece| {
            let mut forms = vec![
                piece.to_owned(),
                in_json(piece),
                in_json(piece).replace('/', "\\/"),
                in_ascii_json(piece),
                percent_encoded(piece, "%20", true),
                percent_encoded(piece, "%20", false),
                percent_encoded(piece, "+", true),
            ];
            forms.extend((0..3).flat_map(|offset| base64_at(piece.as_bytes(), offset)));
            forms
        })
        .filter(|form| form.len() >= SHORTEST_SECRET)
        .collect()
}

fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes.windows(needle.len()).position(|part| part == needle)
}

/// As it stands between the quotes of a JSON text.
fn in_json(text: &str) -> String {
    let quoted = Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

/// The same where a program keeps JSON to ASCII, as Python does.
fn in_ascii_json(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut units = [0; 2];
    for letter in in_json(text).chars() {
        if letter.is_ascii() {
            escaped.push(letter);
            continue;
        }
        for unit in letter.encode_utf16(&mut units) {
            write!(escaped, "\\u{unit:04x}").unwrap_or_default();
        }
    }
    escaped
}

/// What is sure to be seen of `bytes` in the base64 of a longer text, where they begin `offset`
/// bytes after a group of three.
fn base64_at(bytes: &[u8], offset: usize) -> [String; 2] {
    let padded = [vec![0; offset], bytes.to_vec()].concat();
    let first = (offset * 8).div_ceil(6);
    let last = padded.len() * 8 / 6;
    [general_purpose::STANDARD_NO_PAD, general_purpose::URL_SAFE_NO_PAD]
        .map(|engine| engine.encode(&padded)[first..last].to_owned())
}

fn percent_encoded(text: &str, space: &str, upper: bool) -> String {
    let mut encoded = String::with_capacity(text.len() * 3);
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => encoded.push(char::from(byte)),
            b' ' => encoded.push_str(space),
            _ if upper => write!(encoded, "%{byte:02X}").unwrap_or_default(),
            _ => write!(encoded, "%{byte:02x}").unwrap_or_default(),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn a_secret_is_hidden_in_every_common_form() {
        let mask = Mask::new(["pa ss/wörd\"1"]);
        for text in [
            "token pa ss/wörd\"1 end",
            r#"{"token": "pa ss/wörd\"1"}"#,
            r#"{"token": "pa ss\/wörd\"1"}"#,
            r#"{"token": "pa ss/w\u00f6rd\"1"}"#,
            "q=pa%20ss%2Fw%C3%B6rd%221&x=1",
            "q=pa%20ss%2fw%c3%b6rd%221&x=1",
            "q=pa+ss%2Fw%C3%B6rd%221",
        ] {
            let clean = mask.text(text);
            assert!(clean.contains("***") && !clean.contains("ss"), "{clean}");
        }
    }

    #[test]
    fn base64_is_hidden_wherever_the_secret_stands_in_it() {
        let mask = Mask::new(["hunter2-hunter2"]);
        for prefix in ["", "a", "ab", "abc", "user:"] {
            for suffix in ["", "x", "xy", "xyz"] {
                let encoded = general_purpose::STANDARD.encode(format!("{prefix}hunter2-hunter2{suffix}"));
                let clean = mask.text(&encoded).into_owned();
                assert!(clean.contains("***") && clean.len() < 18, "{prefix} {suffix}: {clean}");
            }
        }
    }

    #[test]
    fn overlapping_secrets_leave_no_rest() {
        assert_eq!(Mask::new(["abcdef", "defghi"]).text("xabcdefghix"), "x***x");
    }

    #[test]
    fn each_line_of_a_long_key_is_hidden() {
        let mask = Mask::new(["-----BEGIN-----\nAAAABBBB\nCCCCDDDD\n"]);
        assert_eq!(mask.text("got CCCCDDDD here"), "got *** here");
    }

    #[test]
    fn values_are_hidden_in_texts_names_and_numbers() {
        let mask = Mask::new(["secret", "12345"]);
        assert_eq!(
            mask.value(json!({"a secret": ["x secret y", 12345, 1, true]})),
            json!({"a ***": ["x *** y", "***", 1, true]})
        );
    }

    #[test]
    fn bytes_that_are_no_text_keep_their_length() {
        let mask = Mask::new(["secret"]);
        assert_eq!(mask.bytes(b"\xff\x00secret\xff".to_vec()), b"\xff\x00******\xff");
        assert_eq!(mask.bytes(b"a secret".to_vec()), b"a ***");
    }

    #[test]
    fn a_secret_of_stars_comes_to_an_end() {
        assert_eq!(Mask::new(["****"]).bytes(b"\xff****".to_vec()), b"\xff****");
    }

    #[test]
    fn short_values_are_left_alone() {
        assert!(Mask::new(["abc", ""]).is_empty());
    }

    proptest! {
        #[test]
        fn a_text_cut_where_the_mask_says_shows_no_more_than_the_whole(before in "[a-z]{0,30}", after in "[a-z]{0,30}", at in 0_usize..70) {
            let mask = Mask::new(["S3CRET-VALUE"]);
            let text = format!("{before}S3CRET-VALUE{after}");
            let cut = mask.cut(&text, at.min(text.len()));
            let parts = format!("{}{}", mask.text(&text[..cut]), mask.text(&text[cut..]));
            prop_assert_eq!(parts, mask.text(&text));
        }
    }
}
