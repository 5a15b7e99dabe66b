//! Values of ranges: reading, writing, appending, clearing.

mod append;
#[cfg(test)]
mod by_filter;
mod clear;
mod filter;
mod read;
#[cfg(test)]
mod tests;
mod write;

pub use append::{Append, append};
pub use clear::{batch_clear, batch_clear_by_filter, clear};
pub(crate) use filter::places_of;
pub use filter::{batch_get_by_filter, batch_update_by_filter};
pub use read::{Reading, batch_get, get};
pub use write::{Update, batch_update, update};

use sheets::wire::Refusal;

use crate::changes::Changes;
use crate::model::Workbook;

/// A workbook after a change, with the answer to who asked and what has to be stored.
#[derive(Debug, Clone)]
pub struct Applied<T> {
    /// The workbook as it is now.
    pub workbook: Workbook,
    /// What is answered.
    pub answer: T,
    /// What has to be stored.
    pub changes: Changes,
}

/// Works on a copy, so that a refusal leaves everything as it was; the answer is given when formulas are worked out.
pub(crate) fn apply<W, T>(
    workbook: &Workbook,
    work: impl FnOnce(&mut Workbook) -> Result<W, Refusal>,
    answer: impl FnOnce(&Workbook, W) -> Result<T, Refusal>,
) -> Result<Applied<T>, Refusal> {
    let mut copy = workbook.clone();
    let done = work(&mut copy)?;
    crate::limits::check_size(&copy)?;
    crate::formulas::calculate_after(workbook, &mut copy)?;
    let answer = answer(&copy, done)?;
    let changes = Changes::between(workbook, &copy);
    copy.revision += 1;
    Ok(Applied {
        workbook: copy,
        answer,
        changes,
    })
}
