//! Colours of a terminal become spans with classes; every other control code disappears.

use anstyle_parse::{DefaultCharAccumulator, Params, Parser, Perform};

/// How text looks from here on; kept from line to line, as a terminal does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Style {
    /// Colour of the text, 0 to 15.
    colour: Option<u8>,
    /// One bit for each of [`FLAGS`].
    flags: u8,
}

/// Classes of bold, dim, italic and underlined text, in the order of their bits.
const FLAGS: [&str; 4] = ["ab", "ad", "ai", "au"];
const BOLD: u8 = 1;
const DIM: u8 = 2;
const ITALIC: u8 = 4;
const UNDERLINED: u8 = 8;

impl Style {
    /// Classes of `style/components/log.css`; empty for plain text.
    fn classes(self) -> String {
        let colour = self.colour.map(|colour| format!("a{colour}"));
        let flags = FLAGS.iter().enumerate().filter(|(bit, _)| self.flags & (1 << bit) != 0);
        let classes: Vec<String> = colour
            .into_iter()
            .chain(flags.map(|(_, class)| (*class).to_owned()))
            .collect();
        classes.join(" ")
    }
}

/// A run of text of one look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Span {
    /// Classes; empty for plain text.
    pub(crate) classes: String,
    /// The text.
    pub(crate) text: String,
}

/// Reads lines one after the other.
#[derive(Default)]
pub(crate) struct Reader {
    parser: Parser<DefaultCharAccumulator>,
    style: Style,
}

impl Reader {
    /// The spans of `line`. A carriage return starts the line over, as progress bars mean it.
    pub(crate) fn line(&mut self, line: &str) -> Vec<Span> {
        let mut sink = Sink {
            style: self.style,
            spans: Vec::new(),
        };
        for byte in line.bytes() {
            self.parser.advance(&mut sink, byte);
        }
        self.style = sink.style;
        sink.spans
    }
}

struct Sink {
    style: Style,
    spans: Vec<Span>,
}

impl Sink {
    fn push(&mut self, letter: char) {
        let classes = self.style.classes();
        match self.spans.last_mut() {
            Some(span) if span.classes == classes => span.text.push(letter),
            _ => self.spans.push(Span {
                classes,
                text: letter.to_string(),
            }),
        }
    }
}

impl Perform for Sink {
    fn print(&mut self, letter: char) {
        self.push(letter);
    }

    fn execute(&mut self, byte: u8) {
        match byte {
            b'\t' => self.push('\t'),
            b'\r' => self.spans.clear(),
            _ => {}
        }
    }

    fn csi_dispatch(&mut self, params: &Params, intermediates: &[u8], _ignore: bool, action: u8) {
        if action == b'm' && intermediates.is_empty() {
            let codes: Vec<u16> = params.iter().flatten().copied().collect();
            self.style = sgr(self.style, &codes);
        }
    }
}

fn sgr(mut style: Style, codes: &[u16]) -> Style {
    let mut rest = codes.iter().copied();
    while let Some(code) = rest.next() {
        match code {
            0 => style = Style::default(),
            1 => style.flags |= BOLD,
            2 => style.flags |= DIM,
            3 => style.flags |= ITALIC,
            4 => style.flags |= UNDERLINED,
            22 => style.flags &= !(BOLD | DIM),
            23 => style.flags &= !ITALIC,
            24 => style.flags &= !UNDERLINED,
            30..=37 => style.colour = Some((code - 30) as u8),
            39 => style.colour = None,
            90..=97 => style.colour = Some((code - 90 + 8) as u8),
            38 => style.colour = extended(&mut rest).or(style.colour),
            // A background is read over: our own backgrounds keep the text readable.
            48 => drop(extended(&mut rest)),
            _ => {}
        }
    }
    style
}

/// `5;n` or `2;r;g;b`, brought down to the sixteen colours whose contrast we have checked.
fn extended(rest: &mut impl Iterator<Item = u16>) -> Option<u8> {
    match rest.next()? {
        5 => match rest.next()? {
            code @ 0..=15 => Some(code as u8),
            code @ 16..=231 => {
                let cube = code - 16;
                Some(nearest(cube / 36 * 51, cube / 6 % 6 * 51, cube % 6 * 51))
            }
            grey => Some(if grey < 244 { 8 } else { 7 }),
        },
        2 => {
            let (red, green, blue) = (rest.next()?, rest.next()?, rest.next()?);
            Some(nearest(red, green, blue))
        }
        _ => None,
    }
}

/// One of the eight colours: a part counts when it is over half of the strongest.
fn nearest(red: u16, green: u16, blue: u16) -> u8 {
    let half = red.max(green).max(blue) / 2;
    u8::from(red > half) + 2 * u8::from(green > half) + 4 * u8::from(blue > half)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(reader: &mut Reader, line: &str) -> String {
        reader
            .line(line)
            .into_iter()
            .map(|span| format!("[{}]{}", span.classes, span.text))
            .collect::<Vec<_>>()
            .concat()
    }

    #[test]
    fn colours_become_classes() {
        let mut reader = Reader::default();
        assert_eq!(shown(&mut reader, "a \u{1b}[1;31mred\u{1b}[0m b"), "[]a [a1 ab]red[] b");
    }

    #[test]
    fn a_colour_lasts_until_it_is_reset() {
        let mut reader = Reader::default();
        shown(&mut reader, "\u{1b}[32mgreen");
        assert_eq!(shown(&mut reader, "still"), "[a2]still");
        assert_eq!(shown(&mut reader, "\u{1b}[mplain"), "[]plain");
    }

    #[test]
    fn many_colours_become_the_nearest_of_ours() {
        let mut reader = Reader::default();
        assert_eq!(shown(&mut reader, "\u{1b}[38;2;250;20;10mx"), "[a1]x");
        assert_eq!(shown(&mut reader, "\u{1b}[38;5;46my"), "[a2]y");
        assert_eq!(shown(&mut reader, "\u{1b}[48;5;46;39mz"), "[]z");
    }

    #[test]
    fn cursor_codes_and_titles_disappear() {
        let mut reader = Reader::default();
        assert_eq!(shown(&mut reader, "\u{1b}[2K\u{1b}]0;title\u{7}done"), "[]done");
    }

    #[test]
    fn a_progress_line_keeps_its_last_state() {
        assert_eq!(shown(&mut Reader::default(), "10 %\r50 %\r100 %"), "[]100 %");
    }

    proptest! {
        #[test]
        fn no_bytes_break_the_reader(lines in proptest::collection::vec(".{0,80}", 0..8)) {
            let mut reader = Reader::default();
            for line in lines {
                let text: String = reader.line(&line).into_iter().map(|span| span.text).collect();
                let has_escape = text.contains('\u{1b}');
                prop_assert!(!has_escape);
            }
        }
    }
}
