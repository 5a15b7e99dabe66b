//! Log chunks become numbered lines of HTML; pure, and the only place where the log's HTML is made.

use crate::ansi::{Reader, Span};
use crate::time;
use crate::views::{ChunkView, LogAsk};
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
    /// How loud it is: d, i, w or e.
    level: u8,
    /// Its text by colour.
    spans: Vec<Span>,
}

/// Lines that arrived together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Block {
    /// Tells it from every other block of its log: two filters may let through blocks that begin alike.
    pub(crate) id: u32,
    /// Number of the first line.
    pub(crate) first: i64,
    /// Number of the last line.
    pub(crate) last: i64,
    /// The lines.
    pub(crate) lines: Arc<Vec<Line>>,
}

/// What is shown of a line beside its text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Look {
    /// How times are written.
    pub(crate) times: Times,
    /// What [`Times::Since`] counts from.
    pub(crate) begin: i64,
    /// Text that stands out, letter case aside.
    pub(crate) text: String,
    /// First and last line that stand out.
    pub(crate) marked: (i64, i64),
}

/// How the time of a line is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Times {
    /// Not at all.
    Off,
    /// Since the run began.
    Since,
    /// As a clock in UTC.
    #[default]
    Clock,
}

impl Times {
    /// The words of the three, in the order in which a key goes through them.
    pub(crate) const WORDS: [&'static str; 3] = ["off", "since", "clock"];

    /// Reads a word.
    pub(crate) fn from_word(word: &str) -> Self {
        match word {
            "off" => Self::Off,
            "since" => Self::Since,
            _ => Self::Clock,
        }
    }

    /// The word of it.
    pub(crate) fn word(self) -> &'static str {
        Self::WORDS[self as usize]
    }

    /// What follows when one goes through them.
    pub(crate) fn next(self) -> Self {
        Self::from_word(Self::WORDS[(self as usize + 1) % 3])
    }
}

/// Most lines of a block: what a browser lays out within a frame.
const BLOCK_LINES: usize = 250;

/// Turns chunks into blocks; each step keeps its colours from chunk to chunk.
#[derive(Default)]
pub(crate) struct Typesetter {
    readers: HashMap<String, Reader>,
    made: u32,
}

impl Typesetter {
    /// The lines of `chunks` from line `from` to line `to` that `ask` does not leave out, a few hundred to a block.
    pub(crate) fn blocks(&mut self, chunks: &[ChunkView], ask: &LogAsk, from: i64, to: i64) -> Vec<Block> {
        let mut lines = Vec::new();
        for chunk in chunks {
            let reader = self.readers.entry(chunk.step.clone()).or_default();
            let levels = chunk.levels.as_deref().unwrap_or_default().as_bytes();
            let is_wanted = ask.step.is_empty() || ask.step == chunk.step;
            for (at, text) in chunk.lines.split('\n').enumerate() {
                let number = match &chunk.numbers {
                    Some(numbers) => numbers.get(at).copied().unwrap_or_default(),
                    None => chunk.first_line + at as i64,
                };
                let offset = chunk.offsets_ms.as_ref().and_then(|offsets| offsets.get(at)).copied();
                let level = levels.get(at).copied().unwrap_or(b'i');
                let spans = reader.line(text);
                if is_wanted && loudness(level) >= least(&ask.level) && number >= from && number <= to {
                    lines.push(Line {
                        number,
                        at: chunk.at + i64::from(offset.unwrap_or(0)),
                        level,
                        spans,
                    });
                }
            }
        }
        let mut blocks = Vec::new();
        while !lines.is_empty() {
            let rest = lines.split_off(lines.len().min(BLOCK_LINES));
            self.made += 1;
            blocks.push(Block {
                id: self.made,
                first: lines[0].number,
                last: lines[lines.len() - 1].number,
                lines: Arc::new(lines),
            });
            lines = rest;
        }
        blocks
    }
}

/// Quiet to loud.
fn loudness(letter: u8) -> usize {
    b"diwe".iter().position(|known| *known == letter).unwrap_or(1)
}

/// The word of an address begins with the letter of its level; without one everything is loud enough.
fn least(level: &str) -> usize {
    level.bytes().next().map_or(0, loudness)
}

/// The HTML of a block. `link` is the address before the line number.
pub(crate) fn block_html(block: &Block, look: &Look, link: &str) -> String {
    let mut page = String::with_capacity(block.lines.len() * 160);
    let text = look.text.trim().to_ascii_lowercase();
    for line in block.lines.iter() {
        let number = line.number;
        let class = match line.level {
            b'e' => "line err",
            b'w' => "line warned",
            b'd' => "line quiet",
            _ => "line",
        };
        let target = if (look.marked.0..=look.marked.1).contains(&number) {
            " target"
        } else {
            ""
        };
        let _ = write!(
            page,
            "<div class=\"{class}{target}\" id=\"L{number}\"><a tabindex=\"-1\" href=\"{link}{number}#L{number}\">{number}</a>"
        );
        match look.times {
            Times::Off => {}
            Times::Since => put_time(&time::since(line.at - look.begin), &mut page),
            Times::Clock => put_time(&time::clock(line.at), &mut page),
        }
        page.push_str("<span>");
        for span in &line.spans {
            put_span(span, &text, &mut page);
        }
        page.push_str("</span></div>");
    }
    page
}

fn put_time(time: &str, into: &mut String) {
    into.push_str("<time>");
    into.push_str(time);
    into.push_str("</time>");
}

fn put_span(span: &Span, wanted: &str, into: &mut String) {
    if span.classes.is_empty() {
        put_links(&span.text, wanted, into);
    } else {
        into.push_str("<b class=\"");
        into.push_str(&span.classes);
        into.push_str("\">");
        put_links(&span.text, wanted, into);
        into.push_str("</b>");
    }
}

/// Addresses of the web become links, which tell the other side nothing.
fn put_links(mut text: &str, wanted: &str, into: &mut String) {
    while let Some(begin) = text.find("http") {
        let (before, rest) = text.split_at(begin);
        let end = rest
            .find(|letter: char| letter.is_whitespace() || "\"'<>`".contains(letter))
            .unwrap_or(rest.len());
        // What ends the sentence is not of the address.
        let link = rest[..end].trim_end_matches(|letter: char| ".,;:!?)]}".contains(letter));
        put_marked(before, wanted, into);
        let is_link = matches!(link.split_once("://"), Some(("http" | "https", rest)) if !rest.is_empty());
        if is_link {
            into.push_str("<a target=\"_blank\" rel=\"noopener noreferrer\" href=\"");
            escape(link, into);
            into.push_str("\">");
            put_marked(link, wanted, into);
            into.push_str("</a>");
            text = &rest[link.len()..];
        } else {
            put_marked("http", wanted, into);
            text = &rest["http".len()..];
        }
    }
    put_marked(text, wanted, into);
}

/// `wanted` is lower-case; the ASCII case of a text can change without moving its letters.
fn put_marked(text: &str, wanted: &str, into: &mut String) {
    if wanted.is_empty() {
        return escape(text, into);
    }
    let lower = text.to_ascii_lowercase();
    let mut done = 0;
    while let Some(at) = lower[done..].find(wanted) {
        let (begin, end) = (done + at, done + at + wanted.len());
        escape(&text[done..begin], into);
        into.push_str("<mark>");
        escape(&text[begin..end], into);
        into.push_str("</mark>");
        done = end;
    }
    escape(&text[done..], into);
}

/// Writes a text so that it never becomes markup.
pub(crate) fn escape(text: &str, into: &mut String) {
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

/// `7` or `7-12`, as addresses name lines; `(0, 0)` for anything else.
pub(crate) fn lines_of(text: &str) -> (i64, i64) {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    match (first.parse(), last.parse()) {
        (Ok(first), Ok(last)) if first > 0 && last >= first => (first, last),
        _ => (0, 0),
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
            levels: Some("ie".to_owned()),
            numbers: None,
        }
    }

    fn all(chunks: &[ChunkView]) -> Block {
        let blocks = Typesetter::default().blocks(chunks, &LogAsk::default(), 1, 99);
        blocks.into_iter().next().unwrap()
    }

    fn text_of(lines: &str, wanted: &str) -> String {
        let look = Look {
            text: wanted.to_owned(),
            times: Times::Off,
            ..Look::default()
        };
        let page = block_html(&all(&[chunk(1, lines)]), &look, "");
        let begin = page.find("<span>").unwrap() + "<span>".len();
        page[begin..page.rfind("</span>").unwrap()].to_owned()
    }

    #[test]
    fn lines_are_numbered_dated_and_linked() {
        let block = all(&[chunk(41, "one\ntwo")]);
        assert_eq!((block.first, block.last), (41, 42));
        let look = Look {
            marked: (42, 50),
            ..Look::default()
        };
        assert_eq!(
            block_html(&block, &look, "?line="),
            "<div class=\"line\" id=\"L41\"><a tabindex=\"-1\" href=\"?line=41#L41\">41</a><time>09:31:02</time><span>one</span></div>\
             <div class=\"line err target\" id=\"L42\"><a tabindex=\"-1\" href=\"?line=42#L42\">42</a><time>09:31:04</time><span>two</span></div>"
        );
    }

    #[test]
    fn times_count_from_the_beginning_or_are_left_out() {
        let block = all(&[chunk(1, "one")]);
        let mut look = Look {
            times: Times::Since,
            begin: 1_768_383_060_500,
            ..Look::default()
        };
        assert!(block_html(&block, &look, "").contains("<time>0:01.5</time>"));
        look.times = Times::Off;
        assert!(!block_html(&block, &look, "").contains("<time>"));
        assert_eq!(Times::Clock.next().next().next(), Times::Clock);
    }

    #[test]
    fn what_a_step_prints_never_becomes_markup() {
        assert_eq!(
            text_of("<script>'\"&\u{1b}[31m<b>", ""),
            "&lt;script&gt;&#39;&quot;&amp;<b class=\"a1\">&lt;b&gt;</b>"
        );
        assert_eq!(
            text_of("http://x/\"onclick=", ""),
            "<a target=\"_blank\" rel=\"noopener noreferrer\" href=\"http://x/\">http://x/</a>&quot;onclick="
        );
    }

    #[test]
    fn addresses_become_links_without_the_end_of_their_sentence() {
        assert_eq!(
            text_of("see https://a.b/c?d=1&e (http), ok.", ""),
            "see <a target=\"_blank\" rel=\"noopener noreferrer\" href=\"https://a.b/c?d=1&amp;e\">https://a.b/c?d=1&amp;e</a> (http), ok."
        );
        assert_eq!(text_of("https:// and javascript:x", ""), "https:// and javascript:x");
    }

    #[test]
    fn what_is_searched_stands_out_whatever_its_letter_case() {
        assert_eq!(
            text_of("Ample & ampler", "AMP"),
            "<mark>Amp</mark>le &amp; <mark>amp</mark>ler"
        );
        assert_eq!(text_of("größer GRÖSSER", "größ"), "<mark>größ</mark>er GRÖSSER");
    }

    #[test]
    fn lines_already_shown_are_left_out() {
        let mut typesetter = Typesetter::default();
        let ask = LogAsk::default();
        let block = typesetter.blocks(&[chunk(1, "one\ntwo")], &ask, 2, 9).remove(0);
        assert_eq!(block.first, 2);
        assert_eq!(typesetter.blocks(&[chunk(1, "one")], &ask, 5, 9), []);
    }

    #[test]
    fn other_steps_and_quieter_lines_can_be_left_out() {
        let mut typesetter = Typesetter::default();
        let mut ask = LogAsk {
            level: "warn".to_owned(),
            ..LogAsk::default()
        };
        let loud = typesetter.blocks(&[chunk(1, "one\ntwo")], &ask, 1, 9).remove(0);
        assert_eq!((loud.first, loud.last), (2, 2));
        ask.step = "report".to_owned();
        assert_eq!(typesetter.blocks(&[chunk(1, "one\ntwo")], &ask, 1, 9), []);
    }

    #[test]
    fn lines_that_were_picked_keep_their_numbers() {
        let picked = ChunkView {
            numbers: Some(vec![7, 90]),
            ..chunk(7, "one\ntwo")
        };
        let block = all(&[picked]);
        assert_eq!((block.first, block.last), (7, 90));
    }

    #[test]
    fn addresses_name_a_line_or_a_range() {
        assert_eq!(lines_of("7"), (7, 7));
        assert_eq!(lines_of("7-12"), (7, 12));
        for wrong in ["", "x", "0", "9-3", "-4"] {
            assert_eq!(lines_of(wrong), (0, 0), "{wrong}");
        }
    }
}
