//! Headers: which column of a sheet is which column of a tab.
//!
//! Resolved anew at every run, by header and never by position. What is no column of the tab is the product manager's
//! own and is never touched.

use crate::{
    a1::column_name,
    tabs::{Column, HEADER_ROW, Owner, Tab},
};
use serde_json::Value;
use std::fmt;

/// `text` without what people write differently: case, spaces, `_`, `-` and colons.
pub fn folded(text: &str) -> String {
    text.chars()
        .filter(|letter| !letter.is_whitespace() && !matches!(letter, '_' | '-' | ':'))
        .flat_map(char::to_lowercase)
        .collect()
}

/// A column of the tab and where it stands in the sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The column.
    pub column: &'static Column,
    /// Where it stands, counted from 0.
    pub at: u32,
    /// The variable part of its header, when the column is a pattern.
    pub argument: Option<String>,
}

/// The headers of one sheet, resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Headers {
    /// The tab.
    pub tab: &'static Tab,
    /// Its columns as they stand in the sheet, from left to right.
    pub found: Vec<Found>,
    /// Columns of the product manager, with their headers, from left to right.
    pub own: Vec<(u32, String)>,
    /// How many columns have a header or stand left of one.
    pub width: u32,
}

/// What is wrong with one header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HeaderProblem {
    /// Two or more columns mean the same.
    Duplicate {
        /// The header they stand for.
        header: String,
        /// Their places and what stands there: `C "rice_reach"`.
        places: Vec<String>,
    },
    /// A column without which nothing can be done.
    Missing {
        /// Its header.
        header: &'static str,
    },
}

/// Headers with which no run can begin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the headers of {tab} must be mended first: {}", sentences(.problems))]
pub struct HeaderError {
    /// The tab.
    pub tab: &'static str,
    /// Every problem, from left to right, missing ones last.
    pub problems: Vec<HeaderProblem>,
}

impl Headers {
    /// Resolves row 1 of a sheet.
    pub fn resolve(tab: &'static Tab, row: &[Value]) -> Result<Self, HeaderError> {
        let (headers, problems) = Self::judge(tab, row);
        if problems.is_empty() {
            Ok(headers)
        } else {
            Err(HeaderError {
                tab: tab.name,
                problems,
            })
        }
    }

    /// Resolves row 1 of a sheet as far as it can be, and says what is wrong with it.
    pub fn judge(tab: &'static Tab, row: &[Value]) -> (Self, Vec<HeaderProblem>) {
        let texts: Vec<String> = row.iter().map(header_text).collect();
        let mut headers = Self {
            tab,
            found: Vec::new(),
            own: Vec::new(),
            width: texts
                .iter()
                .rposition(|text| !text.is_empty())
                .map_or(0, |at| at as u32 + 1),
        };
        for (at, text) in texts.iter().enumerate().filter(|(_, text)| !text.is_empty()) {
            match recognize(tab, text) {
                Some((column, argument)) => headers.found.push(Found {
                    column,
                    at: at as u32,
                    argument,
                }),
                None => headers.own.push((at as u32, text.clone())),
            }
        }
        let mut problems = headers.settle_duplicates(&texts);
        let missing = tab.columns.iter().filter(|column| column.required);
        problems.extend(
            missing
                .filter(|column| headers.column(column.header).is_none())
                .map(|column| HeaderProblem::Missing { header: column.header }),
        );
        (headers, problems)
    }

    /// The place of the column with this header of the tab.
    pub fn column(&self, header: &str) -> Option<&Found> {
        self.found.iter().find(|found| found.column.header == header)
    }

    /// The place of a column that follows a pattern, by the variable part of its header.
    pub fn patterned(&self, column: &Column, argument: &str) -> Option<&Found> {
        self.found.iter().find(|found| {
            found.column == column
                && found
                    .argument
                    .as_deref()
                    .is_some_and(|given| folded(given) == folded(argument))
        })
    }

    /// The columns of the tab that the sheet does not have, patterns aside.
    pub fn absent(&self) -> Vec<&'static Column> {
        self.tab
            .columns
            .iter()
            .filter(|column| column.pattern.is_none() && self.column(column.header).is_none())
            .collect()
    }

    /// A column that Runboard writes wins under its own name over a column that merely looks like it, which then is
    /// the product manager's. What people write must be said once: nobody could tell which of two values they mean.
    fn settle_duplicates(&mut self, texts: &[String]) -> Vec<HeaderProblem> {
        let mut problems = Vec::new();
        let mut first = 0;
        while first < self.found.len() {
            let name = self.found[first].name();
            let same: Vec<u32> = self
                .found
                .iter()
                .filter(|found| found.name() == name)
                .map(|found| found.at)
                .collect();
            if same.len() > 1 {
                let column = self.found[first].column;
                let exact: Vec<u32> = same
                    .iter()
                    .copied()
                    .filter(|at| folded(&texts[*at as usize]) == folded(column.header))
                    .collect();
                if let ([only], Owner::System) = (exact.as_slice(), column.owner) {
                    let others = same.iter().filter(|at| *at != only);
                    self.own.extend(others.map(|at| (*at, texts[*at as usize].clone())));
                    self.own.sort_by_key(|(at, _)| *at);
                } else {
                    problems.push(HeaderProblem::Duplicate {
                        header: column.header.to_owned(),
                        places: same
                            .iter()
                            .map(|at| format!("{} {:?}", column_name(*at), texts[*at as usize]))
                            .collect(),
                    });
                }
                let keep = exact.first().copied().unwrap_or(same[0]);
                self.found.retain(|found| found.at == keep || !same.contains(&found.at));
            }
            first += 1;
        }
        problems
    }
}

impl Found {
    /// What must be unique among the headers of a sheet.
    fn name(&self) -> (&'static str, Option<String>) {
        (self.column.header, self.argument.as_deref().map(folded))
    }
}

fn recognize(tab: &Tab, text: &str) -> Option<(&'static Column, Option<String>)> {
    let wanted = folded(text);
    if wanted.is_empty() {
        return None;
    }
    let columns: &'static [Column] = tab.columns;
    let plain = || columns.iter().filter(|column| column.pattern.is_none());
    let named = plain().find(|column| folded(column.header) == wanted);
    let aliased = || plain().find(|column| column.aliases.iter().any(|alias| folded(alias) == wanted));
    if let Some(column) = named.or_else(aliased) {
        return Some((column, None));
    }
    columns.iter().find_map(|column| {
        column
            .argument(text)
            .map(|argument| (column, Some(argument.to_owned())))
    })
}

fn header_text(cell: &Value) -> String {
    match cell {
        Value::String(text) => text.trim().to_owned(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

impl fmt::Display for HeaderProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Duplicate { header, places } => write!(
                f,
                "{header} stands in the columns {}; keep one of them and rename or delete the others",
                places.join(" and ")
            ),
            Self::Missing { header } => write!(
                f,
                "{header} is missing; write it into row {HEADER_ROW} of the column that holds it, or choose Restore help"
            ),
        }
    }
}

fn sentences(problems: &[HeaderProblem]) -> String {
    let sentences: Vec<String> = problems.iter().map(ToString::to_string).collect();
    sentences.join(". ")
}

#[cfg(test)]
mod tests;
