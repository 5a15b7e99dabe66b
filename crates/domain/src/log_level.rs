//! How loud a line of a log is, as far as the line itself says so.
//!
//! Steps print text, not records, so no level is stored. It is read from the line: the first level word near its
//! beginning decides. A line that names none counts as an error when it came over the error stream, else as
//! information. A program that logs all over the error stream and names its levels is therefore understood, and a
//! complaint without a word is not missed.

use std::borrow::Cow;

/// How loud a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum LogLevel {
    /// For who writes the program.
    #[default]
    Debug,
    /// Usual.
    Info,
    /// Needs a look.
    Warn,
    /// Went wrong.
    Error,
}

/// How far into a line a level is looked for, in bytes.
const NEAR: usize = 160;

/// Level words; only whole words count.
const WORDS: [(&str, LogLevel); 14] = [
    ("trace", LogLevel::Debug),
    ("debug", LogLevel::Debug),
    ("info", LogLevel::Info),
    ("notice", LogLevel::Info),
    ("warn", LogLevel::Warn),
    ("warning", LogLevel::Warn),
    ("error", LogLevel::Error),
    ("err", LogLevel::Error),
    ("fatal", LogLevel::Error),
    ("critical", LogLevel::Error),
    ("panic", LogLevel::Error),
    ("panicked", LogLevel::Error),
    ("exception", LogLevel::Error),
    ("traceback", LogLevel::Error),
];

impl LogLevel {
    /// Every level, quietest first.
    pub const ALL: [Self; 4] = [Self::Debug, Self::Info, Self::Warn, Self::Error];

    /// The level of a line as it was printed; `stream` is o, e or s.
    pub fn of(line: &str, stream: Option<char>) -> Self {
        named(&plain(line)).unwrap_or(if stream == Some('e') { Self::Error } else { Self::Info })
    }

    /// The letter for one line: d, i, w or e.
    pub fn letter(self) -> char {
        match self {
            Self::Debug => 'd',
            Self::Info => 'i',
            Self::Warn => 'w',
            Self::Error => 'e',
        }
    }

    /// The word in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
        }
    }

    /// Reads the word of an address.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.as_str() == word)
    }

    /// Lower-case texts of which a piece of log holds one if it holds a line of this level or a louder one that
    /// names it; `None` when that would be nearly every piece.
    pub fn signs(self) -> Option<&'static [&'static str]> {
        match self {
            Self::Debug | Self::Info => None,
            Self::Warn => Some(&["warn", "err", "fatal", "critical", "panic", "exception", "traceback"]),
            Self::Error => Some(&["err", "fatal", "critical", "panic", "exception", "traceback"]),
        }
    }
}

/// `line` without terminal codes.
pub fn plain(line: &str) -> Cow<'_, str> {
    if !line.contains('\u{1b}') {
        return Cow::Borrowed(line);
    }
    let mut text = String::with_capacity(line.len());
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        if letter != '\u{1b}' {
            text.push(letter);
            continue;
        }
        match letters.next() {
            // A sequence ends with its first letter or sign from @ to ~.
            Some('[') => drop(letters.find(|letter| ('@'..='~').contains(letter))),
            // A title ends with a bell or an escape.
            Some(']') => drop(letters.find(|letter| matches!(letter, '\u{7}' | '\u{1b}'))),
            _ => {}
        }
    }
    Cow::Owned(text)
}

/// The first level that the beginning of `line` names.
fn named(line: &str) -> Option<LogLevel> {
    let near = &line[..line.floor_char_boundary(NEAR)];
    let mut rest = 0;
    while let Some(begin) = near[rest..].find(|letter: char| letter.is_ascii_alphabetic()) {
        let begin = rest + begin;
        let length = near[begin..]
            .find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
            .unwrap_or(near.len() - begin);
        let end = begin + length;
        let before = near[..begin].chars().next_back();
        if let Some(level) = of_word(&near[begin..end], before, line[end..].chars().next()) {
            return Some(level);
        }
        rest = end;
    }
    None
}

fn of_word(word: &str, before: Option<char>, after: Option<char>) -> Option<LogLevel> {
    let is_marked = matches!(after, Some(':' | '[' | ']' | '|')) || matches!(before, Some('=' | '[' | '"'));
    // `ValueError:` and `IOException:` are errors that name their kind.
    let is_kind = after == Some(':') && (word.ends_with("Error") || word.ends_with("Exception"));
    if is_kind {
        return Some(LogLevel::Error);
    }
    let level = WORDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(word))?.1;
    // In the middle of a sentence `error` is a word like others; in capitals or with a mark it is a level.
    let is_loud = word.len() > 3 && !word.contains(|letter: char| letter.is_ascii_lowercase());
    let stands_for_itself = word == "Traceback" || word == "panicked";
    (is_marked || is_loud || stands_for_itself).then_some(level)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_as_loud_as_the_word_it_names() {
        let cases = [
            ("2026-01-14 09:31:02 WARN disk is nearly full", LogLevel::Warn),
            ("error[E0308]: mismatched types", LogLevel::Error),
            ("error: could not compile", LogLevel::Error),
            ("[warning] deprecated", LogLevel::Warn),
            ("level=debug msg=ready", LogLevel::Debug),
            (r#"{"level":"error","msg":"x"}"#, LogLevel::Error),
            ("ValueError: bad date", LogLevel::Error),
            ("Traceback (most recent call last):", LogLevel::Error),
            ("thread 'main' panicked at src/main.rs:1", LogLevel::Error),
            ("there was no error in 3 files", LogLevel::Info),
            ("\u{1b}[31mERROR\u{1b}[0m broken", LogLevel::Error),
            ("TRACE entering", LogLevel::Debug),
            ("copied 3 files", LogLevel::Info),
        ];
        for (line, level) in cases {
            assert_eq!(LogLevel::of(line, Some('o')), level, "{line}");
        }
    }

    #[test]
    fn the_error_stream_decides_only_when_the_line_does_not() {
        assert_eq!(LogLevel::of("settings.toml: no such file", Some('e')), LogLevel::Error);
        assert_eq!(LogLevel::of("INFO: started", Some('e')), LogLevel::Info);
    }

    #[test]
    fn every_loud_line_bears_a_sign() {
        for (word, level) in WORDS {
            for least in LogLevel::ALL.into_iter().filter(|least| *least <= level) {
                let signs = least.signs();
                assert!(
                    signs.is_none_or(|signs| signs.iter().any(|sign| word.contains(sign))),
                    "{word}"
                );
            }
        }
    }

    #[test]
    fn terminal_codes_are_no_text() {
        assert_eq!(plain("a\u{1b}[1;31mb\u{1b}]0;title\u{7}c"), "abc");
        assert_eq!(plain("äö"), "äö");
    }
}
