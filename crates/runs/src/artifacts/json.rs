//! JSON as it was written: every digit of a number and every name that stands there twice.
//!
//! `serde_json::Value` keeps neither. A [`Node`] points into the text and copies nothing.

use std::borrow::Cow;

/// Deeper nesting is read as plain text.
const DEEPEST: usize = 200;

/// A value of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node<'a> {
    /// A number, `true`, `false` or `null`, as it was written.
    Plain(&'a str),
    /// A text with its quotes and escapes.
    Text(&'a str),
    /// A list.
    List(Vec<Node<'a>>),
    /// Names, with quotes and escapes, and their values, in the order of the text.
    Fields(Vec<(&'a str, Node<'a>)>),
}

/// Reads one value; `None` when the text is no JSON, or nested deeper than anybody wrote by hand.
pub fn parse(text: &str) -> Option<Node<'_>> {
    let mut reader = Reader { text, at: 0 };
    reader.skip_space();
    let node = reader.value(0)?;
    reader.skip_space();
    (reader.at == text.len()).then_some(node)
}

/// What a text with quotes and escapes says; the text itself where its escapes mean no letter.
pub fn decoded(quoted: &str) -> Cow<'_, str> {
    let inner = quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default();
    if !inner.contains('\\') {
        return Cow::Borrowed(inner);
    }
    serde_json::from_str::<String>(quoted).map_or(Cow::Borrowed(inner), Cow::Owned)
}

/// The order of names in a layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Names {
    /// As they were written.
    AsWritten,
    /// In alphabetic order, for comparing.
    InOrder,
}

/// The value indented by two spaces, ending with a line end.
pub fn laid_out(node: &Node<'_>, names: Names) -> String {
    let mut out = String::new();
    lay(&mut out, node, names, 0);
    out.push('\n');
    out
}

fn lay(out: &mut String, node: &Node<'_>, names: Names, depth: usize) {
    match node {
        Node::Plain(word) => out.push_str(word),
        Node::Text(quoted) => quote(out, quoted),
        Node::List(items) if items.is_empty() => out.push_str("[]"),
        Node::Fields(fields) if fields.is_empty() => out.push_str("{}"),
        Node::List(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                begin_line(out, at, depth + 1);
                lay(out, item, names, depth + 1);
            }
            end_line(out, depth);
            out.push(']');
        }
        Node::Fields(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            if names == Names::InOrder {
                // Equal names stay in the order of the text.
                fields.sort_by(|(one, _), (other, _)| decoded(one).cmp(&decoded(other)));
            }
            out.push('{');
            for (at, (name, value)) in fields.into_iter().enumerate() {
                begin_line(out, at, depth + 1);
                quote(out, name);
                out.push_str(": ");
                lay(out, value, names, depth + 1);
            }
            end_line(out, depth);
            out.push('}');
        }
    }
}

/// Equal texts look equal, whatever was escaped in them.
fn quote(out: &mut String, quoted: &str) {
    match serde_json::from_str::<Cow<'_, str>>(quoted).map(|text| serde_json::to_string(&text)) {
        Ok(Ok(text)) => out.push_str(&text),
        _ => out.push_str(quoted),
    }
}

fn begin_line(out: &mut String, at: usize, depth: usize) {
    if at > 0 {
        out.push(',');
    }
    end_line(out, depth);
}

fn end_line(out: &mut String, depth: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth));
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn next(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.next(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn take(&mut self, wanted: u8) -> bool {
        let is_there = self.next() == Some(wanted);
        self.at += usize::from(is_there);
        is_there
    }

    fn value(&mut self, depth: usize) -> Option<Node<'a>> {
        match self.next()? {
            b'{' | b'[' if depth >= DEEPEST => None,
            b'{' => self.fields(depth),
            b'[' => self.list(depth),
            b'"' => self.quoted().map(Node::Text),
            _ => self.plain().map(Node::Plain),
        }
    }

    fn list(&mut self, depth: usize) -> Option<Node<'a>> {
        self.at += 1;
        let mut items = Vec::new();
        self.skip_space();
        if self.take(b']') {
            return Some(Node::List(items));
        }
        loop {
            self.skip_space();
            items.push(self.value(depth + 1)?);
            self.skip_space();
            if self.take(b']') {
                return Some(Node::List(items));
            }
            if !self.take(b',') {
                return None;
            }
        }
    }

    fn fields(&mut self, depth: usize) -> Option<Node<'a>> {
        self.at += 1;
        let mut fields = Vec::new();
        self.skip_space();
        if self.take(b'}') {
            return Some(Node::Fields(fields));
        }
        loop {
            self.skip_space();
            let name = self.quoted()?;
            self.skip_space();
            if !self.take(b':') {
                return None;
            }
            self.skip_space();
            fields.push((name, self.value(depth + 1)?));
            self.skip_space();
            if self.take(b'}') {
                return Some(Node::Fields(fields));
            }
            if !self.take(b',') {
                return None;
            }
        }
    }

    fn quoted(&mut self) -> Option<&'a str> {
        let start = self.at;
        if !self.take(b'"') {
            return None;
        }
        loop {
            match self.next()? {
                b'"' => {
                    self.at += 1;
                    return self.text.get(start..self.at);
                }
                b'\\' => self.escape()?,
                0..=0x1f => return None,
                _ => self.at += 1,
            }
        }
    }

    fn escape(&mut self) -> Option<()> {
        self.at += 1;
        match self.next()? {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => self.at += 1,
            b'u' => {
                let digits = self.text.as_bytes().get(self.at + 1..self.at + 5)?;
                if !digits.iter().all(u8::is_ascii_hexdigit) {
                    return None;
                }
                self.at += 5;
            }
            _ => return None,
        }
        Some(())
    }

    fn plain(&mut self) -> Option<&'a str> {
        let rest = &self.text[self.at..];
        let length = rest
            .find(|letter: char| !letter.is_ascii_alphanumeric() && !matches!(letter, '+' | '-' | '.'))
            .unwrap_or(rest.len());
        let word = &rest[..length];
        if !matches!(word, "true" | "false" | "null") && !is_number(word) {
            return None;
        }
        self.at += length;
        Some(word)
    }
}

fn is_number(word: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let word = word.strip_prefix('-').unwrap_or(word);
    let (mantissa, exponent) = match word.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (word, None),
    };
    let (whole, part) = match mantissa.split_once('.') {
        Some((whole, part)) => (whole, Some(part)),
        None => (mantissa, None),
    };
    digits(whole)
        && (whole.len() == 1 || !whole.starts_with('0'))
        && part.is_none_or(digits)
        && exponent.is_none_or(|exponent| digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_digit_and_every_name_is_kept() {
        let text = r#"{"id": 123456789012345678901234567890, "x": 0.10000000000000000000000000000001, "id": -0}"#;
        let laid = laid_out(&parse(text).expect("JSON"), Names::AsWritten);
        assert_eq!(
            laid,
            "{\n  \"id\": 123456789012345678901234567890,\n  \"x\": 0.10000000000000000000000000000001,\n  \"id\": -0\n}\n"
        );
    }

    #[test]
    fn what_is_no_json_is_refused() {
        for text in [
            "",
            "{",
            "[1,]",
            "{\"a\":}",
            "01",
            "1.",
            ".5",
            "+1",
            "nul",
            "\"a",
            "\"\u{1}\"",
            "\"\\x\"",
            "[1] 2",
            "{a:1}",
            "'a'",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
        assert_eq!(parse(&"[".repeat(100_000)), None);
    }

    #[test]
    fn names_are_put_in_order_by_what_they_say() {
        let text = r#"{"b": [], "\u0061": {}, "c": "\u00e9"}"#;
        let laid = laid_out(&parse(text).expect("JSON"), Names::InOrder);
        assert_eq!(laid, "{\n  \"a\": {},\n  \"b\": [],\n  \"c\": \"é\"\n}\n");
    }

    fn any_json() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            Just(serde_json::Value::Null),
            any::<bool>().prop_map(Into::into),
            any::<i64>().prop_map(Into::into),
            any::<u64>().prop_map(Into::into),
            "\\PC{0,12}".prop_map(Into::into),
        ];
        leaf.prop_recursive(4, 40, 6, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
                proptest::collection::btree_map("\\PC{0,6}", inner, 0..6)
                    .prop_map(|fields| serde_json::Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn whatever_serde_writes_is_read_and_laid_out_alike(value in any_json()) {
            let text = value.to_string();
            let node = parse(&text).expect("serde wrote it");
            let pretty = serde_json::to_string_pretty(&value).unwrap() + "\n";
            prop_assert_eq!(laid_out(&node, Names::AsWritten), pretty);
        }

        #[test]
        fn it_agrees_with_serde_about_what_json_is(text in "[\\[\\]{},:\"0-9a-ex.+\\- \\\\tru]{0,14}") {
            let by_serde = serde_json::from_str::<Box<serde_json::value::RawValue>>(&text).is_ok();
            prop_assert_eq!(parse(&text).is_some(), by_serde);
        }

        #[test]
        fn digits_survive(digits in "[1-9][0-9]{0,60}(\\.[0-9]{1,40})?") {
            let text = format!("[{digits}]");
            prop_assert!(laid_out(&parse(&text).expect("a number"), Names::InOrder).contains(&digits));
        }
    }
}
