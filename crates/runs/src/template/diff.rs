//! What changed between two versions of a template, line by line.

use similar::{ChangeTag, TextDiff};

/// Lines around a change that are shown with it.
const CONTEXT_LINES: usize = 3;

/// The changes from one text to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diff {
    /// Unified diff; empty when nothing changed.
    pub text: String,
    /// Lines that were added.
    pub added_count: usize,
    /// Lines that were removed.
    pub removed_count: usize,
}

/// Compares two texts; each comes with its name.
pub fn diff((from_name, from): (&str, &str), (to_name, to): (&str, &str)) -> Diff {
    let compared = TextDiff::from_lines(from, to);
    let count = |wanted: ChangeTag| {
        compared
            .iter_all_changes()
            .filter(|change| change.tag() == wanted)
            .count()
    };
    let (added_count, removed_count) = (count(ChangeTag::Insert), count(ChangeTag::Delete));
    let text = if added_count + removed_count == 0 {
        String::new()
    } else {
        let mut unified = compared.unified_diff();
        unified
            .context_radius(CONTEXT_LINES)
            .header(from_name, to_name)
            .to_string()
    };
    Diff {
        text,
        added_count,
        removed_count,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_shown_with_its_lines() {
        let found = diff(("v1", "a\nb\nc\n"), ("v2", "a\nB\nc\nd\n"));
        assert_eq!((found.added_count, found.removed_count), (2, 1));
        assert_eq!(found.text, "--- v1\n+++ v2\n@@ -1,3 +1,4 @@\n a\n-b\n+B\n c\n+d\n");
    }

    #[test]
    fn two_texts_that_are_the_same_have_no_diff() {
        assert_eq!(diff(("v1", "a\n"), ("v2", "a\n")).text, "");
    }
}
