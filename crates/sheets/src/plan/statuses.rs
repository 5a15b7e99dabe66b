//! The statuses of a run: written after its results, where each key is by then.

use super::{Block, Fresh, Outcome, group};
use crate::{rows::RowKey, tabs::Column, values};
use chrono::NaiveDateTime;
use serde_json::Value;
use std::collections::BTreeMap;

/// Who wrote, and when.
#[derive(Debug, Clone, Copy)]
pub struct Stamp<'s> {
    /// The token of the writer, which never is a run id.
    pub source: &'s str,
    /// When, in the zone of the workbook.
    pub at: NaiveDateTime,
}

/// What is to be written, and what cannot be.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StatusPlan {
    /// The cells.
    pub blocks: Vec<Block>,
    /// Rows that can be told nothing: their key is gone, the status column is, or it holds a formula.
    pub untold: Vec<RowKey>,
}

/// Plans the statuses. A key that stands in several rows is told in each of them.
pub fn statuses(fresh: Fresh<'_>, outcomes: &[Outcome], stamp: Stamp<'_>) -> StatusPlan {
    let mut plan = StatusPlan::default();
    let mut cells = BTreeMap::new();
    let tab = fresh.headers.tab;
    let place = |column: Option<&'static Column>| {
        column
            .and_then(|column| fresh.headers.column(column.header))
            .map(|found| found.at)
    };
    let named = |wanted: &str| {
        let column = tab
            .columns
            .iter()
            .find(|column| crate::headers::folded(column.header) == wanted);
        place(column)
    };
    let (status_at, source_at, moment_at) = (place(tab.status_column()), named("updatedsource"), named("updatedat"));
    let moment = values::write(Some(&values::CellValue::Moment(stamp.at))).unwrap_or_default();
    for outcome in outcomes {
        let mut is_told = false;
        for row in fresh.rows.places(&outcome.key) {
            let mut put = |at: Option<u32>, value: Value| {
                let free = at.filter(|at| !fresh.formulas.contains(&(*row, *at)));
                free.is_some_and(|at| {
                    cells.insert((*row, at), value);
                    true
                })
            };
            is_told |= put(status_at, Value::from(outcome.status.to_string()));
            put(source_at, Value::from(stamp.source));
            put(moment_at, moment.clone());
        }
        if !is_told {
            plan.untold.push(outcome.key.clone());
        }
    }
    plan.blocks = group(&cells);
    plan
}
