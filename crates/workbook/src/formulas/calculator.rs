//! What works formulas out, and what it may ask for.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::engine::IronCalc;
use crate::model::{Computed, Workbook};

/// Works out the formulas of a workbook.
pub trait Calculator: fmt::Debug + Send + Sync {
    /// Returns what every formula comes to, and what spills into cells around.
    fn evaluate(&self, workbook: &Workbook, imports: &dyn Imports) -> Result<Results, Broken>;
}

/// Values of other workbooks, for `IMPORTRANGE`.
pub trait Imports: fmt::Debug + Send + Sync {
    /// Returns the values of a range as they were last worked out, by row; the error says why there are none.
    ///
    /// It must not work anything out itself: so workbooks that read each other never wait for each other.
    fn values(&self, workbook_id: &str, range: &str) -> Result<Vec<Vec<Computed>>, String>;
}

/// What formulas come to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Results {
    /// Results of formulas, by position of the tab, row and column.
    pub formulas: BTreeMap<(usize, u32, u32), Computed>,
    /// Values in cells that a formula elsewhere reaches, by position of the tab, row and column.
    pub spills: BTreeMap<(usize, u32, u32), Computed>,
}

/// The engine gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum Broken {
    /// It was not started.
    #[error("The formula engine could not be started; try again when the server has memory to spare.")]
    NotStarted(#[source] std::io::Error),
    /// It ended in the middle.
    #[error("The formula engine ended in the middle; undo the last formula that was entered.")]
    Ended,
    /// It refused what it was given.
    #[error("The formula engine refused the workbook: {0}.")]
    Refused(String),
}

/// No other workbook can be read.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoImports;

impl Imports for NoImports {
    fn values(&self, workbook_id: &str, _range: &str) -> Result<Vec<Vec<Computed>>, String> {
        Err(format!(
            "The workbook {workbook_id} cannot be read here. Ask for access to it, or copy its values."
        ))
    }
}

/// How a workbook works out its formulas; a workbook without formulas asks neither.
#[derive(Debug, Clone)]
pub struct Formulas {
    /// What works them out.
    pub calculator: Arc<dyn Calculator>,
    /// Where values of other workbooks come from.
    pub imports: Arc<dyn Imports>,
}

impl Default for Formulas {
    fn default() -> Self {
        Self {
            calculator: Arc::new(IronCalc),
            imports: Arc::new(NoImports),
        }
    }
}

/// Two workbooks of the same content are the same, whatever works them out.
impl PartialEq for Formulas {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}
