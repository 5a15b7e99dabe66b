//! Which cells formulas read, so that the engine is given those and not all that a workbook holds.

use super::lex::{Kind, lex};
use crate::model::Workbook;

/// Functions that find cells by what is worked out, so that any cell may be read.
const ANYWHERE: &[&str] = &["INDIRECT", "OFFSET"];

/// Columns that formulas read, by tab.
#[derive(Debug)]
pub(super) struct Need {
    columns: Vec<Vec<bool>>,
    is_all: bool,
}

impl Need {
    /// Nothing, or all that there is.
    pub(super) fn new(workbook: &Workbook, is_all: bool) -> Self {
        let columns = |sheet: &crate::model::Sheet| vec![false; sheet.column_count as usize];
        Self {
            columns: workbook.sheets.iter().map(columns).collect(),
            is_all,
        }
    }

    /// Adds what a formula of the tab `home` reads.
    pub(super) fn add(&mut self, workbook: &Workbook, home: usize, text: &str) {
        for token in lex(text) {
            match &token.kind {
                Kind::Reference(reference) => {
                    let tab = match &reference.tab {
                        Some(title) => workbook.position_of_title(title),
                        None => Some(home),
                    };
                    let Some(tab) = tab else { continue };
                    let (_, columns) = reference.within(0, workbook.sheets[tab].column_count);
                    self.columns[tab][columns.start as usize..columns.end as usize].fill(true);
                }
                Kind::Function => self.is_all |= ANYWHERE.contains(&token.text.to_uppercase().as_str()),
                _ => {}
            }
        }
    }

    /// Says whether the engine needs the cells of a column.
    pub(super) fn has(&self, tab: usize, column: u32) -> bool {
        self.is_all || self.columns[tab].get(column as usize).copied().unwrap_or(false)
    }

    /// Says whether the engine needs anything of a tab.
    pub(super) fn has_any(&self, tab: usize) -> bool {
        self.is_all || self.columns[tab].contains(&true)
    }
}
