//! Log chunks become numbered lines of HTML; pure, and the only place where the log's HTML is made.

use crate::ansi::Reader;
use crate::time;
use crate::views::ChunkView;
use std::collections::HashMap;
use std::fmt::Write;
use std::sync::Arc;

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    /// Number in the run, from 1.
    pub(crate) number: i64,
    /// When it was printed.
    at: i64,
    /// Step that printed it.
    pub(crate) step: Arc<str>,
    /// Whether it came from the error stream.
    is_error: bool,
    /// Escaped text with colour spans.
    html: String,
}

/// Lines that arrived together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Block {
    /// Number of the first line; blocks of one log never share it.
    pub(crate) first: i64,
    /// Number of the last line.
    pub(crate) last: i64,
    /// The lines.
    pub(crate) lines: Arc<Vec<Line>>,
}

/// Turns chunks into blocks; each step keeps its colours from chunk to chunk.
#[derive(Default)]
pub(crate) struct Typesetter {
    readers: HashMap<String, Reader>,
}

impl Typesetter {
    /// The lines of `chunks` from line `from` to line `to`; `None` when there are none.
    pub(crate) fn block(&mut self, chunks: &[ChunkView], from: i64, to: i64) -> Option<Block> {
        let mut lines = Vec::new();
        for chunk in chunks {
            let reader = self.readers.entry(chunk.step.clone()).or_default();
            let step: Arc<str> = chunk.step.as_str().into();
            let streams = chunk.streams.as_deref().unwrap_or_default().as_bytes();
            for (at, text) in chunk.lines.split('\n').enumerate() {
                let number = chunk.first_line + at as i64;
                let offset = chunk
                    .offsets_ms
                    .as_ref()
                    .and_then(|offsets| offsets.get(at))
                    .copied()
                    .unwrap_or(0);
                let html = html(reader, text);
                if (from..=to).contains(&number) {
                    lines.push(Line {
                        number,
                        at: chunk.at + i64::from(offset),
                        step: Arc::clone(&step),
                        is_error: streams.get(at) == Some(&b'e'),
                        html,
                    });
                }
            }
        }
        let (first, last) = (lines.first()?.number, lines.last()?.number);
        Some(Block {
            first,
            last,
            lines: Arc::new(lines),
        })
    }
}

/// The HTML of a block; `only` leaves out the lines of other steps. `link` is the address before the line number.
pub(crate) fn block_html(block: &Block, only: &str, link: &str) -> String {
    let mut page = String::with_capacity(block.lines.len() * 160);
    for line in block.lines.iter().filter(|line| only.is_empty() || &*line.step == only) {
        let number = line.number;
        let class = if line.is_error { "line err" } else { "line" };
        let _ = write!(
            page,
            "<div class=\"{class}\" id=\"L{number}\"><a tabindex=\"-1\" href=\"{link}{number}#L{number}\">{number}</a>\
             <time>{}</time><span>{}</span></div>",
            time::clock(line.at),
            line.html,
        );
    }
    page
}

fn html(reader: &mut Reader, text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for span in reader.line(text) {
        if span.classes.is_empty() {
            escape(&span.text, &mut line);
        } else {
            let _ = write!(line, "<b class=\"{}\">", span.classes);
            escape(&span.text, &mut line);
            line.push_str("</b>");
        }
    }
    line
}

fn escape(text: &str, into: &mut String) {
    for letter in text.chars() {
        match letter {
            '&' => into.push_str("&amp;"),
            '<' => into.push_str("&lt;"),
            '>' => into.push_str("&gt;"),
            '"' => into.push_str("&quot;"),
            '\'' => into.push_str("&#39;"),
            other => into.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(first_line: i64, lines: &str) -> ChunkView {
        ChunkView {
            lease_seq: 1,
            seq: 1,
            step: "probe".to_owned(),
            first_line,
            at: 1_768_383_062_000,
            lines: lines.to_owned(),
            offsets_ms: Some(vec![0, 2000]),
            streams: Some("oe".to_owned()),
        }
    }

    #[test]
    fn lines_are_numbered_dated_and_linked() {
        let block = Typesetter::default().block(&[chunk(41, "one\ntwo")], 1, 99).unwrap();
        assert_eq!((block.first, block.last), (41, 42));
        assert_eq!(
            block_html(&block, "", "?line="),
            "<div class=\"line\" id=\"L41\"><a tabindex=\"-1\" href=\"?line=41#L41\">41</a><time>09:31:02</time><span>one</span></div>\
             <div class=\"line err\" id=\"L42\"><a tabindex=\"-1\" href=\"?line=42#L42\">42</a><time>09:31:04</time><span>two</span></div>"
        );
    }

    #[test]
    fn what_a_step_prints_never_becomes_markup() {
        let block = Typesetter::default()
            .block(&[chunk(1, "<script>'\"&\u{1b}[31m<b>")], 1, 9)
            .unwrap();
        assert_eq!(
            block.lines[0].html,
            "&lt;script&gt;&#39;&quot;&amp;<b class=\"a1\">&lt;b&gt;</b>"
        );
    }

    #[test]
    fn lines_already_shown_are_left_out() {
        let mut typesetter = Typesetter::default();
        let block = typesetter.block(&[chunk(1, "one\ntwo")], 2, 9).unwrap();
        assert_eq!(block.first, 2);
        assert_eq!(typesetter.block(&[chunk(1, "one")], 5, 9), None);
    }

    #[test]
    fn another_step_can_be_left_out() {
        let block = Typesetter::default().block(&[chunk(1, "one")], 1, 9).unwrap();
        assert_eq!(block_html(&block, "report", ""), "");
    }
}
