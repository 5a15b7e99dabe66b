//! What differs between two artifacts, line by line.

use super::json::{self, Names, Node};
use similar::{ChangeTag, TextDiff};
use std::time::Duration;

/// Lines shown around each change.
const CONTEXT: usize = 3;
/// Finding the smallest difference may take so long; then a larger one will do.
const PATIENCE: Duration = Duration::from_secs(2);

/// What differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Diff {
    /// Nothing.
    Same,
    /// One of them is no text: only that they differ can be said.
    Binary,
    /// These lines.
    Lines {
        /// Whether both are JSON and were compared by their values, names in order.
        is_json: bool,
        /// The difference as `diff -u` prints it.
        unified: String,
        /// The same, in pieces.
        hunks: Vec<Hunk>,
        /// Lines only the newer one has.
        added_count: usize,
        /// Lines only the older one has.
        removed_count: usize,
    },
}

/// Changes that stand close together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hunk {
    /// First line in the older one, from 1.
    pub old_start: usize,
    /// First line in the newer one, from 1.
    pub new_start: usize,
    /// Its lines.
    pub lines: Vec<DiffLine>,
}

/// One line of a hunk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiffLine {
    /// What happened to it.
    pub change: LineChange,
    /// The line, without its end.
    pub text: String,
}

/// What happened to a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineChange {
    /// It stands in both.
    Same,
    /// Only the newer one has it.
    Added,
    /// Only the older one has it.
    Removed,
}

/// How two JSON texts are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// By their values, laid out alike; other texts line by line.
    Values,
    /// Line by line, as they were written.
    Lines,
}

/// Compares the bytes of two artifacts, named as people know them.
pub fn diff((old_name, old): (&str, &[u8]), (new_name, new): (&str, &[u8]), manner: Manner) -> Diff {
    if old == new {
        return Diff::Same;
    }
    let (Some(old), Some(new)) = (text(old), text(new)) else {
        return Diff::Binary;
    };
    let laid_out = |text| laid_out(text).filter(|_| manner == Manner::Values);
    match (laid_out(old), laid_out(new)) {
        (Some(old), Some(new)) => lines((old_name, &old), (new_name, &new), true),
        _ => lines((old_name, old), (new_name, new), false),
    }
}

fn lines((old_name, old): (&str, &str), (new_name, new): (&str, &str), is_json: bool) -> Diff {
    if old == new {
        return Diff::Same;
    }
    let diff = TextDiff::configure().timeout(PATIENCE).diff_lines(old, new);
    let mut unified = diff.unified_diff();
    unified.context_radius(CONTEXT).header(old_name, new_name);
    let (mut added_count, mut removed_count) = (0, 0);
    let hunks = unified
        .iter_hunks()
        .map(|hunk| {
            let first = hunk.ops().first();
            let lines = hunk
                .iter_changes()
                .map(|change| {
                    let kind = match change.tag() {
                        ChangeTag::Equal => LineChange::Same,
                        ChangeTag::Insert => LineChange::Added,
                        ChangeTag::Delete => LineChange::Removed,
                    };
                    added_count += usize::from(kind == LineChange::Added);
                    removed_count += usize::from(kind == LineChange::Removed);
                    DiffLine {
                        change: kind,
                        text: change.value().trim_end_matches(['\r', '\n']).to_owned(),
                    }
                })
                .collect();
            Hunk {
                old_start: first.map_or(1, |op| op.old_range().start + 1),
                new_start: first.map_or(1, |op| op.new_range().start + 1),
                lines,
            }
        })
        .collect();
    Diff::Lines {
        is_json,
        unified: unified.to_string(),
        hunks,
        added_count,
        removed_count,
    }
}

fn text(bytes: &[u8]) -> Option<&str> {
    if bytes.contains(&0) {
        return None;
    }
    std::str::from_utf8(bytes).ok()
}

/// Laid out the same way whoever wrote it: indented, names in order, every digit kept.
fn laid_out(text: &str) -> Option<String> {
    let node = json::parse(text).filter(|node| matches!(node, Node::List(_) | Node::Fields(_)))?;
    Some(json::laid_out(&node, Names::InOrder))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(old: &str, new: &str) -> Vec<String> {
        match diff(("old", old.as_bytes()), ("new", new.as_bytes()), Manner::Values) {
            Diff::Lines { hunks, .. } => hunks
                .into_iter()
                .flat_map(|hunk| hunk.lines)
                .filter(|line| line.change != LineChange::Same)
                .map(|line| format!("{:?} {}", line.change, line.text))
                .collect(),
            other => vec![format!("{other:?}")],
        }
    }

    #[test]
    fn changed_lines_are_told_with_what_stands_around_them() {
        let old: String = (1..=20)
            .flat_map(|line| ["line ".to_owned(), line.to_string(), "\n".to_owned()])
            .collect();
        let new = old.replace("line 10\n", "line ten\n");
        let Diff::Lines {
            unified,
            hunks,
            added_count,
            removed_count,
            ..
        } = diff(("a.txt", old.as_bytes()), ("b.txt", new.as_bytes()), Manner::Values)
        else {
            panic!("lines")
        };
        assert!(
            unified.starts_with("--- a.txt\n+++ b.txt\n@@ -7,7 +7,7 @@\n line 7\n"),
            "{unified}"
        );
        assert_eq!((hunks.len(), hunks[0].old_start, hunks[0].lines.len()), (1, 7, 8));
        assert_eq!((added_count, removed_count), (1, 1));
    }

    #[test]
    fn json_is_compared_by_its_values() {
        assert_eq!(changed(r#"{"b": 1, "a": [1, 2]}"#, "{\n\"a\":[1,2],\"b\":1}"), ["Same"]);
        assert_eq!(
            changed(r#"{"b":1,"a":{"y":1,"x":2}}"#, r#"{"a":{"x":3,"y":1},"b":1}"#),
            [r#"Removed     "x": 2,"#, r#"Added     "x": 3,"#]
        );
    }

    #[test]
    fn what_is_no_text_is_said_to_be_none() {
        let diff = |old, new| diff(("a", old), ("b", new), Manner::Values);
        assert_eq!(diff(b"\x00a", b"b"), Diff::Binary);
        assert_eq!(diff(b"\xff", b"b"), Diff::Binary);
        assert_eq!(diff(b"\xff", b"\xff"), Diff::Same);
    }

    #[test]
    fn numbers_too_large_for_a_computer_still_differ() {
        assert_eq!(
            changed("[12345678901234567890123]", "[12345678901234567890124]"),
            ["Removed   12345678901234567890123", "Added   12345678901234567890124"]
        );
    }
}
