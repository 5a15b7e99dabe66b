//! `.xlsx` files: a person may begin with a workbook they have, and leave with one.

mod export;
mod import;
mod looks;
#[cfg(test)]
mod tests;
mod unpack;

pub use export::{ExportError, export};
pub use import::{Imported, import};

/// Why a file cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// Not a ZIP archive at all.
    #[error("this is not an .xlsx file; save the workbook as .xlsx and try again")]
    NoArchive,
    /// It would fill the memory.
    #[error("unpacked, the file holds more than {most_mib} MiB; split the workbook and import the parts")]
    TooLarge {
        /// What is taken at most, in MiB.
        most_mib: u64,
    },
    /// More than a workbook may hold.
    #[error("{0}")]
    Refused(#[from] sheets::wire::Refusal),
    /// A cell that no workbook holds.
    #[error("{cell}: {refusal}")]
    Cell {
        /// Where, such as `'Tab A'!B7`.
        cell: String,
        /// Why.
        refusal: sheets::wire::Refusal,
    },
    /// An archive, but no workbook.
    #[error(
        "the file cannot be read as a workbook; open it in a spreadsheet program, save it again as .xlsx, and try that file"
    )]
    Broken(#[from] calamine::XlsxError),
}
