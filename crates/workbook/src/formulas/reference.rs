//! Cells that a formula names.

use std::fmt;

use sheets::a1::{MOST_ROWS, column_index, column_name, quoted};
use sheets::wire::Dimension;

/// A row or column that a formula names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Index {
    pub(crate) at: u32,
    /// Written with `$`: it stays when the formula is copied.
    pub(crate) fixed: bool,
}

/// One end of a range; either part may be left open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Corner {
    pub(crate) column: Option<Index>,
    pub(crate) row: Option<Index>,
}

/// Cells that a formula names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reference {
    /// The tab; `None` is the formula's own.
    pub(crate) tab: Option<String>,
    pub(crate) first: Corner,
    /// The other end; `None` for one cell.
    pub(crate) last: Option<Corner>,
}

impl Reference {
    /// Reads one cell.
    pub(crate) fn cell(tab: Option<&str>, text: &str) -> Option<Self> {
        let first = corner(text).filter(|corner| corner.column.is_some() && corner.row.is_some())?;
        let tab = tab.map(str::to_owned);
        Some(Self { tab, first, last: None })
    }

    /// Reads a range by its ends.
    pub(crate) fn range(tab: Option<&str>, first: &str, last: &str) -> Option<Self> {
        let (first, last) = (corner(first)?, corner(last)?);
        let closed = first.row.is_some() && last.row.is_some() || first.column.is_some() && last.column.is_some();
        closed.then(|| Self {
            tab: tab.map(str::to_owned),
            first,
            last: Some(last),
        })
    }

    /// Says whether it names cells of a tab, seen from a formula that stands in the tab `home`.
    pub(crate) fn is_on(&self, title: &str, home: &str) -> bool {
        let tab = self.tab.as_deref().unwrap_or(home);
        tab.to_lowercase() == title.to_lowercase()
    }

    /// Returns both ends along a dimension, first and last included; `None` where one is left open.
    pub(crate) fn ends(&self, dimension: Dimension) -> (Option<Index>, Option<Index>) {
        let along = |corner: &Corner| match dimension {
            Dimension::Rows => corner.row,
            Dimension::Columns => corner.column,
        };
        (along(&self.first), along(self.last.as_ref().unwrap_or(&self.first)))
    }

    /// Puts the ends along a dimension elsewhere; an end that is open stays so.
    pub(crate) fn put(&mut self, dimension: Dimension, first: u32, last: u32) {
        let set = |corner: &mut Corner, at: u32| {
            let along = match dimension {
                Dimension::Rows => &mut corner.row,
                Dimension::Columns => &mut corner.column,
            };
            if let Some(index) = along {
                index.at = at;
            }
        };
        set(&mut self.first, first);
        if let Some(end) = &mut self.last {
            set(end, last);
        }
    }

    /// Closes open ends at the edge of a grid.
    pub(crate) fn close(&mut self, row_count: u32, column_count: u32) {
        let edge = |at: u32| Some(Index { at, fixed: true });
        let Some(last) = &mut self.last else { return };
        for (first, last, size) in [
            (&mut self.first.row, &mut last.row, row_count),
            (&mut self.first.column, &mut last.column, column_count),
        ] {
            match (&first, &last) {
                (None, None) => (*first, *last) = (edge(0), edge(size.saturating_sub(1))),
                (Some(one), None) => *last = edge(one.at.max(size.saturating_sub(1))),
                (None, Some(one)) => *first = edge(one.at.max(size.saturating_sub(1))),
                (Some(_), Some(_)) => {}
            }
        }
    }

    /// Says whether it names a cell beyond these many rows and columns.
    pub(crate) fn reaches_over(&self, rows: u32, columns: u32) -> bool {
        let over = |dimension, size: u32| {
            let (first, last) = self.ends(dimension);
            [first, last].into_iter().flatten().any(|index| index.at >= size)
        };
        over(Dimension::Rows, rows) || over(Dimension::Columns, columns)
    }

    /// Returns the cells, rows and columns half-open, inside a grid.
    pub(crate) fn within(&self, row_count: u32, column_count: u32) -> (std::ops::Range<u32>, std::ops::Range<u32>) {
        let span = |dimension, size: u32| {
            let (first, last) = self.ends(dimension);
            let range = match (first, last) {
                (Some(first), Some(last)) => first.at.min(last.at)..first.at.max(last.at) + 1,
                (Some(one), None) | (None, Some(one)) => one.at..size,
                (None, None) => 0..size,
            };
            range.start.min(size)..range.end.min(size)
        };
        (span(Dimension::Rows, row_count), span(Dimension::Columns, column_count))
    }
}

fn corner(text: &str) -> Option<Corner> {
    let (column_fixed, text) = text.strip_prefix('$').map_or((false, text), |rest| (true, rest));
    let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (letters, rest) = text.split_at(letters);
    let (row_fixed, digits) = match rest.strip_prefix('$') {
        Some(rest) => (true, rest),
        None => (letters.is_empty() && column_fixed, rest),
    };
    let column = match letters {
        "" => None,
        _ => Some(Index {
            at: column_index(letters)?,
            fixed: column_fixed,
        }),
    };
    let row = match digits {
        "" if row_fixed => return None,
        "" => None,
        _ => Some(Index {
            at: row_index(digits)?,
            fixed: row_fixed,
        }),
    };
    (column.is_some() || row.is_some()).then_some(Corner { column, row })
}

fn row_index(digits: &str) -> Option<u32> {
    let plain = digits.bytes().all(|digit| digit.is_ascii_digit()) && !digits.starts_with('0');
    let row: u32 = digits.parse().ok().filter(|_| plain)?;
    (1..=MOST_ROWS).contains(&row).then(|| row - 1)
}

impl fmt::Display for Corner {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = |index: Index| if index.fixed { "$" } else { "" };
        if let Some(column) = self.column {
            write!(out, "{}{}", sign(column), column_name(column.at))?;
        }
        if let Some(row) = self.row {
            write!(out, "{}{}", sign(row), row.at + 1)?;
        }
        Ok(())
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(tab) = &self.tab {
            write!(out, "{}!", quoted(tab))?;
        }
        write!(out, "{}", self.first)?;
        match &self.last {
            Some(last) => write!(out, ":{last}"),
            None => Ok(()),
        }
    }
}
