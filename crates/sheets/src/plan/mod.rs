//! Plans: which cells a run writes.
//!
//! Only cells of columns the run may write, only in rows that are found by key at the moment of writing. Results go
//! before statuses, so that a status never claims what is not there.

mod group;
mod results;
mod statuses;

pub use group::{Block, group};
pub use results::{Forbidden, Outcome, ResultPlan, RowChange, Target, results};
pub use statuses::{Stamp, StatusPlan, statuses};

use crate::{headers::Headers, rows::Rows};
use std::collections::HashSet;

/// A sheet as it was read right before writing.
#[derive(Debug, Clone, Copy)]
pub struct Fresh<'f> {
    /// Its headers.
    pub headers: &'f Headers,
    /// Its rows by key.
    pub rows: &'f Rows,
    /// Cells that hold a formula: row counted from 1, column counted from 0.
    pub formulas: &'f HashSet<(u32, u32)>,
}

#[cfg(test)]
mod tests;
