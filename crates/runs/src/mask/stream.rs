//! Hiding secrets in bytes that come in pieces, without ever holding all of them.

use super::{HIDDEN, Mask};
use aho_corasick::AhoCorasick;
use std::ops::Range;

/// Hides secrets in a file of any size; holds no more than a piece and the longest secret.
#[derive(Debug)]
pub struct StreamMask {
    finder: Option<AhoCorasick>,
    longest: usize,
    is_text: bool,
    held: Vec<u8>,
    /// How many of the first held bytes belong to a secret whose beginning has left.
    covered: Option<usize>,
    has_hidden: bool,
}

impl StreamMask {
    /// Hides what `mask` hides. In what is not text the length stays, so that offsets inside hold.
    pub fn new(mask: &Mask, is_text: bool) -> Self {
        Self {
            // More forms than an automaton can hold do not happen: a secret has at most 16 KiB.
            finder: (!mask.is_empty())
                .then(|| AhoCorasick::new(&mask.needles).ok())
                .flatten(),
            longest: mask.longest(),
            is_text,
            held: Vec::new(),
            covered: None,
            has_hidden: false,
        }
    }

    /// Whether it has hidden anything so far.
    pub fn has_hidden(&self) -> bool {
        self.has_hidden
    }

    /// Takes a piece; answers with what can leave.
    pub fn push(&mut self, piece: &[u8]) -> Vec<u8> {
        if self.finder.is_none() {
            return piece.to_vec();
        }
        self.held.extend_from_slice(piece);
        // From here on a secret may have begun that has not ended yet.
        let safe = self.held.len().saturating_sub(self.longest.saturating_sub(1));
        self.leave(safe)
    }

    /// What is left at the end.
    pub fn finish(&mut self) -> Vec<u8> {
        let end = self.held.len();
        self.leave(end)
    }

    fn leave(&mut self, until: usize) -> Vec<u8> {
        let mut clean = Vec::with_capacity(until);
        let mut from = 0;
        let mut covered = None;
        for range in self.ranges() {
            let start = range.start.min(until);
            clean.extend_from_slice(&self.held[from.min(start)..start]);
            if range.start >= until {
                from = until;
                break;
            }
            let end = range.end.min(until);
            self.has_hidden = true;
            let is_begun = range.start == 0 && self.covered.is_some();
            if !self.is_text {
                clean.resize(clean.len() + end - range.start, b'*');
            } else if !is_begun {
                clean.extend_from_slice(HIDDEN.as_bytes());
            }
            if range.end >= until {
                covered = Some(range.end - until);
            }
            from = end;
        }
        clean.extend_from_slice(&self.held[from..until.max(from)]);
        if until > 0 {
            self.covered = covered;
        }
        self.held.drain(..until);
        clean
    }

    /// The secrets in what is held, in order; those that overlap or touch are one.
    fn ranges(&self) -> Vec<Range<usize>> {
        let begun = self.covered.map(|covered| 0..covered);
        let mut found: Vec<Range<usize>> = begun.into_iter().collect();
        if let Some(finder) = &self.finder {
            found.extend(finder.find_overlapping_iter(&self.held).map(|hit| hit.range()));
        }
        super::merged(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn in_pieces(mask: &Mask, is_text: bool, bytes: &[u8], piece: usize) -> Vec<u8> {
        let mut stream = StreamMask::new(mask, is_text);
        let mut clean = Vec::new();
        for piece in bytes.chunks(piece) {
            clean.extend(stream.push(piece));
        }
        clean.extend(stream.finish());
        clean
    }

    #[test]
    fn a_secret_cut_anywhere_is_hidden() {
        let mask = Mask::new(["hunter2-hunter2"]);
        for piece in 1..20 {
            assert_eq!(in_pieces(&mask, true, b"a hunter2-hunter2 b", piece), b"a *** b");
            assert_eq!(
                in_pieces(&mask, false, b"\xff hunter2-hunter2", piece),
                b"\xff ***************"
            );
        }
    }

    #[test]
    fn a_flood_of_secrets_is_held_in_little() {
        let mask = Mask::new(["aaaa"]);
        let mut stream = StreamMask::new(&mask, true);
        let mut clean = Vec::new();
        for _ in 0..1000 {
            clean.extend(stream.push(&[b'a'; 100]));
            assert!(stream.held.len() < 200);
        }
        clean.extend(stream.finish());
        assert_eq!(clean, b"***");
    }

    proptest! {
        #[test]
        fn pieces_of_any_size_give_what_the_whole_gives(text in "(ab|abab|S3CRET|abcd|[a-e]){0,40}", piece in 1_usize..30) {
            let mask = Mask::new(["S3CRET", "abab", "abcde", "bcda"]);
            let whole = mask.text(&text).into_owned();
            prop_assert_eq!(String::from_utf8(in_pieces(&mask, true, text.as_bytes(), piece)).unwrap(), whole);
        }
    }
}
