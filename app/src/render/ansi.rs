//! Text with the colours of a terminal.

use super::escape_into;
use crate::ansi::Reader;

/// The lines as HTML, colours as classes of `style/components/log.css`.
pub(crate) fn terminal(lines: &[&str]) -> Vec<String> {
    let mut reader = Reader::default();
    let one = |line: &&str| {
        let mut out = String::new();
        for span in reader.line(line) {
            if span.classes.is_empty() {
                escape_into(&mut out, &span.text);
            } else {
                out.push_str("<b class=\"");
                escape_into(&mut out, &span.classes);
                out.push_str("\">");
                escape_into(&mut out, &span.text);
                out.push_str("</b>");
            }
        }
        out
    };
    lines.iter().map(one).collect()
}
