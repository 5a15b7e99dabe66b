//! Which words differ in two lines that took each other's place.

use similar::{ChangeTag, TextDiff};

/// Longer lines are shown as wholly changed.
const LONGEST: usize = 2000;
/// Lines that have less in common are not the same line changed.
const ALIKE: f32 = 0.35;

/// A piece of a line, and whether only this side has it.
pub type Piece = (bool, String);

/// The pieces of both lines; `None` when they have too little in common.
pub fn words(old: &str, new: &str) -> Option<(Vec<Piece>, Vec<Piece>)> {
    if old.len().max(new.len()) > LONGEST {
        return None;
    }
    let diff = TextDiff::from_words(old, new);
    if diff.ratio() < ALIKE {
        return None;
    }
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for change in diff.iter_all_changes() {
        match change.tag() {
            ChangeTag::Equal => {
                push(&mut before, false, change.value());
                push(&mut after, false, change.value());
            }
            ChangeTag::Delete => push(&mut before, true, change.value()),
            ChangeTag::Insert => push(&mut after, true, change.value()),
        }
    }
    Some((before, after))
}

fn push(pieces: &mut Vec<Piece>, is_changed: bool, text: &str) {
    match pieces.last_mut() {
        Some((known, piece)) if *known == is_changed => piece.push_str(text),
        _ => pieces.push((is_changed, text.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_words_that_changed_are_marked() {
        let (before, after) = words("the total is 41 rows", "the total is 42 rows").expect("alike");
        let marked = |pieces: Vec<Piece>| {
            pieces
                .into_iter()
                .filter(|(changed, _)| *changed)
                .map(|(_, text)| text)
                .collect::<Vec<_>>()
        };
        assert_eq!(
            (marked(before), marked(after)),
            (vec!["41".to_owned()], vec!["42".to_owned()])
        );
    }

    #[test]
    fn lines_that_share_nothing_are_not_mixed() {
        assert_eq!(words("alpha beta", "1 2 3 4 5"), None);
    }
}
