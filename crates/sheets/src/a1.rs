//! A1 notation: how people and the API write a place in a workbook.
//!
//! `'My tab'!A1:B2`, `A5:A`, `1:2`, `Tab!C`, a tab alone, and `R1C1:R2C2`. Numbers inside are zero-based and half-open;
//! what is left open reaches to the edge of the grid.

use std::fmt;

/// Columns of the widest sheet: `ZZZ`.
pub const MOST_COLUMNS: u32 = 18_278;
/// Rows of the longest sheet.
pub const MOST_ROWS: u32 = 10_000_000;

/// Rows or columns from `start` up to, without, `end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Span {
    /// The first; `None` is the first of the sheet.
    pub start: Option<u32>,
    /// The one after the last; `None` is the edge of the grid.
    pub end: Option<u32>,
}

impl Span {
    /// Everything.
    pub const ALL: Self = Self { start: None, end: None };

    /// From `start` up to, without, `end`.
    pub const fn new(start: u32, end: u32) -> Self {
        Self {
            start: Some(start),
            end: Some(end),
        }
    }

    /// One row or column.
    pub const fn one(at: u32) -> Self {
        Self::new(at, at + 1)
    }

    /// The bounds inside a grid of `size`; a span beyond it is empty.
    pub fn within(self, size: u32) -> std::ops::Range<u32> {
        let end = self.end.unwrap_or(size).min(size);
        self.start.unwrap_or(0).min(end)..end
    }
}

/// A range as it is written: maybe a tab, and cells of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct A1 {
    /// Title of the tab; `None` is the first one that is visible.
    pub tab: Option<String>,
    /// Rows.
    pub rows: Span,
    /// Columns.
    pub columns: Span,
}

/// A range that nobody can read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Unable to parse range: {0}")]
pub struct Unreadable(pub String);

impl A1 {
    /// Cells of a tab.
    pub fn new(tab: impl Into<String>, rows: Span, columns: Span) -> Self {
        Self {
            tab: Some(tab.into()),
            rows,
            columns,
        }
    }

    /// Reads a range. Without `!` a text is a tab when `is_tab` says so, and else cells of the first tab.
    pub fn parse(text: &str, is_tab: impl Fn(&str) -> bool) -> Result<Self, Unreadable> {
        let unreadable = || Unreadable(text.to_owned());
        let text = text.trim();
        let (tab, cells) = match split(text).ok_or_else(unreadable)? {
            (Some(tab), cells) => (Some(tab), cells),
            (None, alone) if is_tab(alone) => (Some(alone.to_owned()), ""),
            (None, cells) => (None, cells),
        };
        if cells.is_empty() && tab.is_some() {
            return Ok(Self {
                tab,
                rows: Span::ALL,
                columns: Span::ALL,
            });
        }
        let (rows, columns) = cells_of(cells).ok_or_else(unreadable)?;
        Ok(Self { tab, rows, columns })
    }

    /// The same cells inside a grid of this size, written with both ends, as answers name them.
    #[must_use]
    pub fn within(&self, row_count: u32, column_count: u32) -> Self {
        let (rows, columns) = (self.rows.within(row_count), self.columns.within(column_count));
        Self {
            tab: self.tab.clone(),
            rows: Span::new(rows.start, rows.end),
            columns: Span::new(columns.start, columns.end),
        }
    }
}

/// Parts before and after the `!`; a quoted tab without its quotes.
fn split(text: &str) -> Option<(Option<String>, &str)> {
    let Some(quoted) = text.strip_prefix('\'') else {
        return Some(match text.rsplit_once('!') {
            Some((tab, cells)) => (Some(tab.to_owned()), cells),
            None => (None, text),
        });
    };
    let mut tab = String::new();
    let mut rest = quoted.char_indices().peekable();
    while let Some((at, letter)) = rest.next() {
        if letter != '\'' {
            tab.push(letter);
        } else if rest.next_if(|(_, next)| *next == '\'').is_some() {
            tab.push('\'');
        } else {
            let after = &quoted[at + 1..];
            let cells = if after.is_empty() { "" } else { after.strip_prefix('!')? };
            return Some((Some(tab), cells));
        }
    }
    None
}

/// One end of a range: row and column, either of which may be left open.
type Corner = (Option<u32>, Option<u32>);

fn cells_of(text: &str) -> Option<(Span, Span)> {
    let Some((from, to)) = text.split_once(':') else {
        let (row, column) = corner(text)?;
        // A row or a column alone is no range; only both name a cell.
        return Some((Span::one(row?), Span::one(column?)));
    };
    let (from, to) = (corner(from)?, corner(to)?);
    // `A5:A` leaves an end open, `A:5` means nothing.
    let rows = ends(from.0, to.0);
    let columns = ends(from.1, to.1);
    let names_something = (from.0.is_some() || from.1.is_some()) && (to.0.is_some() || to.1.is_some());
    let fits = from.0.is_some() && to.0.is_some() || from.1.is_some() && to.1.is_some();
    (names_something && fits).then_some((rows, columns))
}

fn ends(from: Option<u32>, to: Option<u32>) -> Span {
    match (from, to) {
        (Some(from), Some(to)) => Span::new(from.min(to), from.max(to) + 1),
        (Some(one), None) | (None, Some(one)) => Span {
            start: Some(one),
            end: None,
        },
        (None, None) => Span::ALL,
    }
}

fn corner(text: &str) -> Option<Corner> {
    let text = text.trim();
    if let Some(corner) = row_and_column(text) {
        return Some(corner);
    }
    let text = text.strip_prefix('$').unwrap_or(text);
    let letters = text.len()
        - text
            .trim_start_matches(|letter: char| letter.is_ascii_alphabetic())
            .len();
    let (letters, digits) = text.split_at(letters);
    let digits = digits.strip_prefix('$').unwrap_or(digits);
    let column = if letters.is_empty() {
        None
    } else {
        Some(column_index(letters)?)
    };
    let row = if digits.is_empty() { None } else { Some(number(digits)?) };
    (row.is_some() || column.is_some()).then_some((row, column))
}

/// `R2C3`, counted from the first cell.
fn row_and_column(text: &str) -> Option<Corner> {
    let rest = text.strip_prefix(['R', 'r'])?;
    let (row, column) = rest.split_once(['C', 'c'])?;
    let column: u32 = column.parse().ok().filter(|at| (1..=MOST_COLUMNS).contains(at))?;
    Some((Some(number(row)?), Some(column - 1)))
}

/// A row as people count it, as its index.
fn number(digits: &str) -> Option<u32> {
    if !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let row: u32 = digits.parse().ok()?;
    (1..=MOST_ROWS).contains(&row).then(|| row - 1)
}

/// The letters of a column: 0 is `A`, 26 is `AA`.
pub fn column_name(index: u32) -> String {
    let mut name = Vec::new();
    let mut rest = u64::from(index) + 1;
    while rest > 0 {
        rest -= 1;
        name.push(b'A' + (rest % 26) as u8);
        rest /= 26;
    }
    name.reverse();
    String::from_utf8_lossy(&name).into_owned()
}

/// The index of a column by its letters; `None` beyond `ZZZ`.
pub fn column_index(letters: &str) -> Option<u32> {
    if letters.is_empty() || letters.len() > 3 {
        return None;
    }
    letters
        .bytes()
        .try_fold(0_u32, |index, letter| {
            letter
                .is_ascii_alphabetic()
                .then(|| index * 26 + u32::from(letter.to_ascii_uppercase() - b'A') + 1)
        })?
        .checked_sub(1)
}

/// The title of a tab as it stands before the `!`: quoted unless it is a plain word that looks like no cell.
pub fn quoted(tab: &str) -> String {
    let is_word = tab
        .chars()
        .all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    let begins_plain = tab.chars().next().is_some_and(|letter| letter.is_ascii_alphabetic());
    if is_word && begins_plain && corner(tab).is_none() {
        tab.to_owned()
    } else {
        format!("'{}'", tab.replace('\'', "''"))
    }
}

impl fmt::Display for A1 {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(tab) = &self.tab {
            out.write_str(&quoted(tab))?;
            if self.rows == Span::ALL && self.columns == Span::ALL {
                return Ok(());
            }
            out.write_str("!")?;
        }
        let row = |at: Option<u32>| at.map(|row| (row + 1).to_string()).unwrap_or_default();
        let column = |at: Option<u32>| at.map(column_name).unwrap_or_default();
        let last = |span: Span| span.end.map(|end| end.saturating_sub(1));
        // Columns alone have no row on either side; an open end keeps its beginning.
        let first_row = if self.rows == Span::ALL {
            None
        } else {
            Some(self.rows.start.unwrap_or(0))
        };
        let open_columns = self.columns == Span::ALL;
        let first_column = if open_columns {
            None
        } else {
            Some(self.columns.start.unwrap_or(0))
        };
        let from = format!("{}{}", column(first_column), row(first_row));
        let to = format!("{}{}", column(last(self.columns)), row(last(self.rows)));
        if from == to && self.rows.end.is_some() && self.columns.end.is_some() {
            out.write_str(&from)
        } else {
            write!(out, "{from}:{to}")
        }
    }
}

#[cfg(test)]
mod tests;
