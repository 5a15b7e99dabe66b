//! Spreadsheets as Runboard speaks of them.
//!
//! The words of the Sheets API v4 (`wire`), places in a sheet (`a1`), what each tab means to people and to the
//! database (`tabs`), and the client that speaks to Google or to Runboard's own endpoint. This room must not know how
//! workbooks are stored or how formulas are evaluated.
//!
//! A run reads a sheet with [`headers`], [`rows`] and [`values`], and writes it with [`plan`]; start there.
//! [`set_up`] makes tabs and restores their help, [`run_log`] tells a workbook what became of its runs. Requests go
//! through [`client`], which takes time, chance and quota from whoever makes it.

pub mod a1;
pub mod client;
pub mod conflict;
pub mod fields;
pub mod headers;
pub mod plan;
pub mod rows;
pub mod run_log;
pub mod set_up;
pub mod status;
pub mod tabs;
pub mod values;
pub mod wire;
