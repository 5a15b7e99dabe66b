//! The results of a run: which of its cells are written, and what becomes of each row.

use super::{Block, Fresh, group};
use crate::{
    headers::{Found, Headers},
    rows::{RowKey, Standing},
    status::RowStatus,
    tabs::{Column, Owner},
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The column a cell is written to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The column.
    pub column: &'static Column,
    /// The variable part of its header, when the column is a pattern.
    pub argument: Option<String>,
}

impl From<&'static Column> for Target {
    fn from(column: &'static Column) -> Self {
        Self { column, argument: None }
    }
}

/// What a run wants written into one row, and what it would say about it.
#[derive(Debug, Clone, PartialEq)]
pub struct RowChange {
    /// The row.
    pub key: RowKey,
    /// Its cells.
    pub cells: Vec<(Target, Value)>,
    /// What to say when they are written. Cells of a row that is not OK are not written.
    pub status: RowStatus,
}

/// What became of one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The row.
    pub key: RowKey,
    /// What to say about it.
    pub status: RowStatus,
}

/// What is to be written, and what becomes of the rows when it is.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ResultPlan {
    /// The cells.
    pub blocks: Vec<Block>,
    /// One outcome per change, in the order of the changes.
    pub outcomes: Vec<Outcome>,
    /// Columns the sheet never had; what belongs there is not written.
    pub absent: BTreeSet<&'static str>,
}

/// A column that the run may not write.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{header} belongs to the product manager: an action writes it only when it says so")]
pub struct Forbidden {
    /// Its header.
    pub header: &'static str,
}

/// Plans the results. `before` are the headers the run read from; `pm_columns` are the columns of product managers
/// that this action fills.
pub fn results(
    fresh: Fresh<'_>,
    before: &Headers,
    pm_columns: &[&str],
    changes: &[RowChange],
) -> Result<ResultPlan, Forbidden> {
    let mut plan = ResultPlan::default();
    let mut cells = BTreeMap::new();
    for change in changes {
        for (target, _) in &change.cells {
            let column = target.column;
            if column.owner == Owner::Pm && !pm_columns.contains(&column.header) {
                return Err(Forbidden { header: column.header });
            }
        }
        let status = place(fresh, before, change, &mut cells, &mut plan.absent);
        plan.outcomes.push(Outcome {
            key: change.key.clone(),
            status,
        });
    }
    plan.blocks = group(&cells);
    Ok(plan)
}

fn place(
    fresh: Fresh<'_>,
    before: &Headers,
    change: &RowChange,
    cells: &mut BTreeMap<(u32, u32), Value>,
    absent: &mut BTreeSet<&'static str>,
) -> RowStatus {
    let row = match fresh.rows.find(&change.key) {
        Standing::At(row) => row,
        Standing::Gone => {
            return RowStatus::failed("the key left this tab during the run; nothing was written, run it again");
        }
        Standing::Twice(rows) => return RowStatus::duplicate_key(rows),
    };
    if !change.status.is_ok() {
        return change.status.clone();
    }
    let mut found = Vec::new();
    for (target, value) in &change.cells {
        match column(fresh.headers, target) {
            Some(here) => found.push((here, value)),
            None if column(before, target).is_some() => {
                let header = target.column.header;
                return RowStatus::failed(format!(
                    "the column {header} was renamed or deleted during the run; bring it back and run it again"
                ));
            }
            None => {
                absent.insert(target.column.header);
            }
        }
    }
    let mut formulas: Vec<&str> = Vec::new();
    for (here, value) in found {
        if fresh.formulas.contains(&(row, here.at)) {
            formulas.push(here.column.header);
        } else {
            cells.insert((row, here.at), value.clone());
        }
    }
    if formulas.is_empty() {
        change.status.clone()
    } else {
        RowStatus::skipped(format!("cell holds a formula ({})", formulas.join(", ")))
    }
}

fn column<'h>(headers: &'h Headers, target: &Target) -> Option<&'h Found> {
    match &target.argument {
        Some(argument) => headers.patterned(target.column, argument),
        None => headers.column(target.column.header),
    }
}
