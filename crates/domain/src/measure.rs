//! How large and how deep JSON is, by its text, before anybody reads it.

use serde::Serialize;
use std::io;

/// Deepest nesting of JSON that comes from outside. Readers stop at 128 levels, and on its way such a value
/// is wrapped several times.
pub const DEEPEST_JSON: usize = 64;

/// Counts the bytes and the levels of one JSON text that is written to it.
#[derive(Debug, Clone, Copy, Default)]
pub struct JsonMeasure {
    bytes: usize,
    depth: usize,
    deepest: usize,
    in_text: bool,
    after_backslash: bool,
}

impl JsonMeasure {
    /// Measures a value as it would be written.
    pub fn of(value: &impl Serialize) -> Self {
        let mut measure = Self::default();
        serde_json::to_writer(&mut measure, value).expect("counting never fails, and JSON has only string keys");
        measure
    }

    /// Measures a text, whether it is JSON or not.
    pub fn of_text(text: &[u8]) -> Self {
        let mut measure = Self::default();
        measure.count(text);
        measure
    }

    /// Bytes of the text.
    pub fn bytes(self) -> usize {
        self.bytes
    }

    /// Whether it is nested deeper than [`DEEPEST_JSON`].
    pub fn is_too_deep(self) -> bool {
        self.deepest > DEEPEST_JSON
    }

    fn count(&mut self, text: &[u8]) {
        self.bytes += text.len();
        for byte in text {
            match byte {
                _ if self.after_backslash => self.after_backslash = false,
                b'\\' if self.in_text => self.after_backslash = true,
                b'"' => self.in_text = !self.in_text,
                b'[' | b'{' if !self.in_text => {
                    self.depth += 1;
                    self.deepest = self.deepest.max(self.depth);
                }
                b']' | b'}' if !self.in_text => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
        }
    }
}

impl io::Write for JsonMeasure {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.count(text);
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn nested(levels: usize) -> Value {
        (0..levels).fold(json!("[[\"]]\\"), |inner, _| json!([inner]))
    }

    #[test]
    fn levels_are_counted_and_brackets_in_texts_are_not() {
        assert!(!JsonMeasure::of(&nested(DEEPEST_JSON)).is_too_deep());
        assert!(JsonMeasure::of(&nested(DEEPEST_JSON + 1)).is_too_deep());
        assert!(!JsonMeasure::of(&json!(vec![json!([{"a": {}}]); 100])).is_too_deep());
    }

    #[test]
    fn a_text_measures_as_its_value() {
        let value = json!({"a\n": [1, "x\"y", null], "b": {}});
        let text = value.to_string();
        assert_eq!(JsonMeasure::of(&value).bytes(), text.len());
        assert!(JsonMeasure::of_text("[".repeat(1000).as_bytes()).is_too_deep());
    }
}
