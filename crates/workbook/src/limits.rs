//! How much a workbook may hold and a request may ask.

use sheets::wire::Refusal;

use crate::model::Workbook;

/// Cells in all grids of a workbook.
pub const MOST_CELLS: u64 = 10_000_000;
/// Characters in one cell.
pub const MOST_CHARACTERS: usize = 50_000;
/// Requests or ranges in one batch.
pub const MOST_REQUESTS: usize = 10_000;
/// Cells one request may read or write.
pub const MOST_CELLS_AT_ONCE: u64 = 2_000_000;
/// Tabs in a workbook.
pub const MOST_SHEETS: usize = 200;

/// Refuses a workbook whose grids have grown too large.
pub fn check_size(workbook: &Workbook) -> Result<(), Refusal> {
    if workbook.grid_cells() > MOST_CELLS {
        return Err(Refusal::invalid(format!(
            "This action would increase the number of cells in the workbook above the limit of {MOST_CELLS} cells."
        )));
    }
    Ok(())
}

/// Refuses a text that is too long for a cell.
pub fn check_text(text: &str) -> Result<(), Refusal> {
    // Bytes bound characters from above, so most texts need no count.
    if text.len() > MOST_CHARACTERS && text.chars().count() > MOST_CHARACTERS {
        return Err(Refusal::invalid(format!(
            "Your input contains more than the maximum of {MOST_CHARACTERS} characters in a single cell."
        )));
    }
    Ok(())
}

/// Refuses a batch of too many parts.
pub fn check_batch(parts: usize) -> Result<(), Refusal> {
    if parts > MOST_REQUESTS {
        return Err(Refusal::invalid(format!(
            "The batch has {parts} parts; send at most {MOST_REQUESTS} at once."
        )));
    }
    Ok(())
}

/// Refuses to read or write too many cells at once.
pub fn check_cells(cells: u64) -> Result<(), Refusal> {
    if cells > MOST_CELLS_AT_ONCE {
        return Err(Refusal::invalid(format!(
            "The request covers {cells} cells; cover at most {MOST_CELLS_AT_ONCE} at once."
        )));
    }
    Ok(())
}
