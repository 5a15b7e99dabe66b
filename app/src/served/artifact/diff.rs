//! A difference as HTML: one column or two, with the words that changed.

use crate::render::escape_into;
use runs::artifacts::{DiffLine, Hunk, LineChange, Piece, words};
use std::fmt::Write;

/// Lines that are shown.
const LINES: usize = 4000;

/// How it is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// Below each other, as `diff -u` does.
    Unified,
    /// Older left, newer right.
    Split,
}

/// One row: a line of the older one, of the newer one, or of both.
struct Row {
    old: Option<Side>,
    new: Option<Side>,
    is_same: bool,
}

struct Side {
    number: usize,
    pieces: Vec<Piece>,
}

/// The rows of a table, and whether some were left out.
pub(super) fn table(hunks: &[Hunk], layout: Layout) -> (String, bool) {
    let mut out = String::new();
    let mut left = LINES;
    for hunk in hunks {
        let columns = if layout == Layout::Split { 4 } else { 3 };
        let _ = write!(
            out,
            "<tr class=\"place\"><td colspan=\"{columns}\">Line {} before, line {} now</td></tr>",
            hunk.old_start, hunk.new_start
        );
        for block in blocks(hunk) {
            if left < block.len() {
                return (out, true);
            }
            left -= block.len();
            match layout {
                Layout::Split => block.iter().for_each(|row| split(&mut out, row)),
                Layout::Unified => unified(&mut out, &block),
            }
        }
    }
    (out, false)
}

/// Rows that belong together: one line that stayed, or lines that took the place of others.
fn blocks(hunk: &Hunk) -> Vec<Vec<Row>> {
    let (mut old_number, mut new_number) = (hunk.old_start, hunk.new_start);
    let mut blocks = Vec::new();
    let mut rest = hunk.lines.as_slice();
    while let Some(line) = rest.first() {
        if line.change == LineChange::Same {
            let side = |number| {
                Some(Side {
                    number,
                    pieces: vec![(false, line.text.clone())],
                })
            };
            blocks.push(vec![Row {
                old: side(old_number),
                new: side(new_number),
                is_same: true,
            }]);
            (old_number, new_number, rest) = (old_number + 1, new_number + 1, &rest[1..]);
            continue;
        }
        let (removed, behind) = split_while(rest, LineChange::Removed);
        let (added, behind) = split_while(behind, LineChange::Added);
        blocks.push(changed((removed, old_number), (added, new_number)));
        (old_number, new_number, rest) = (old_number + removed.len(), new_number + added.len(), behind);
    }
    blocks
}

fn split_while(lines: &[DiffLine], change: LineChange) -> (&[DiffLine], &[DiffLine]) {
    lines.split_at(lines.iter().take_while(|line| line.change == change).count())
}

/// Lines side by side in their order; the words of a pair that is alike are compared.
fn changed((removed, old_number): (&[DiffLine], usize), (added, new_number): (&[DiffLine], usize)) -> Vec<Row> {
    let one = |line: &DiffLine, number| Side {
        number,
        pieces: vec![(false, line.text.clone())],
    };
    (0..removed.len().max(added.len()))
        .map(|at| {
            let (old, new) = (removed.get(at), added.get(at));
            let compared = old.zip(new).and_then(|(old, new)| words(&old.text, &new.text));
            let (old_number, new_number) = (old_number + at, new_number + at);
            let (old, new) = match compared {
                Some((before, after)) => (
                    Some(Side {
                        number: old_number,
                        pieces: before,
                    }),
                    Some(Side {
                        number: new_number,
                        pieces: after,
                    }),
                ),
                None => (
                    old.map(|line| one(line, old_number)),
                    new.map(|line| one(line, new_number)),
                ),
            };
            Row {
                old,
                new,
                is_same: false,
            }
        })
        .collect()
}

fn unified(out: &mut String, block: &[Row]) {
    let line = |out: &mut String, class: &str, sign: &str, numbers: [Option<usize>; 2], side: &Side| {
        let _ = write!(out, "<tr class=\"{class}\">");
        for number in numbers {
            let _ = write!(
                out,
                "<td class=\"nr\">{}</td>",
                number.map(|number| number.to_string()).unwrap_or_default()
            );
        }
        text(out, sign, &side.pieces);
        out.push_str("</tr>");
    };
    if let [
        Row {
            old: Some(old),
            new: Some(new),
            is_same: true,
        },
    ] = block
    {
        line(out, "", " ", [Some(old.number), Some(new.number)], old);
        return;
    }
    for side in block.iter().filter_map(|row| row.old.as_ref()) {
        line(out, "went", "−", [Some(side.number), None], side);
    }
    for side in block.iter().filter_map(|row| row.new.as_ref()) {
        line(out, "came", "+", [None, Some(side.number)], side);
    }
}

fn split(out: &mut String, row: &Row) {
    out.push_str("<tr>");
    for (side, sign, class) in [(&row.old, "−", "went"), (&row.new, "+", "came")] {
        match side {
            Some(side) => {
                let (class, sign) = if row.is_same { ("", " ") } else { (class, sign) };
                let _ = write!(out, "<td class=\"nr {class}\">{}</td>", side.number);
                let _ = write!(out, "<td class=\"line {class}\">");
                pieces(out, sign, &side.pieces);
                out.push_str("</td>");
            }
            None => out.push_str("<td class=\"nr none\"></td><td class=\"none\"></td>"),
        }
    }
    out.push_str("</tr>");
}

fn text(out: &mut String, sign: &str, of: &[Piece]) {
    out.push_str("<td class=\"line\">");
    pieces(out, sign, of);
    out.push_str("</td>");
}

/// The sign says the same as the colour.
fn pieces(out: &mut String, sign: &str, pieces: &[Piece]) {
    let _ = write!(out, "<span class=\"sign\">{sign}</span>");
    for (is_changed, text) in pieces {
        if *is_changed {
            out.push_str("<mark>");
        }
        escape_into(out, text);
        if *is_changed {
            out.push_str("</mark>");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use runs::artifacts::{Diff, Manner, diff};

    fn drawn(old: &str, new: &str, layout: Layout) -> String {
        match diff(("a", old.as_bytes()), ("b", new.as_bytes()), Manner::Values) {
            Diff::Lines { hunks, .. } => table(&hunks, layout).0,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_changed_line_shows_its_changed_word() {
        let html = drawn("total is 41 rows\n", "total is 42 rows\n", Layout::Unified);
        assert!(
            html.contains("<mark>41</mark>") && html.contains("<mark>42</mark>"),
            "{html}"
        );
        assert!(html.find("−") < html.find('+'), "{html}");
    }

    #[test]
    fn two_columns_keep_lines_beside_those_they_replaced() {
        let html = drawn("a\nold\nz\n", "a\nnew one\nmore\nz\n", Layout::Split);
        assert_eq!(html.matches("<tr>").count(), 4, "{html}");
        assert_eq!(html.matches("<td class=\"none\"></td>").count(), 1, "{html}");
    }

    #[test]
    fn markup_in_a_line_is_text() {
        let html = drawn("<script>\n", "<b onclick=x>\n", Layout::Split);
        assert!(html.contains("&lt;script&gt;") && !html.contains("<script"), "{html}");
    }
}
