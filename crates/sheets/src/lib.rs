//! Spreadsheets as Runboard speaks of them.
//!
//! The words of the Sheets API v4 (`wire`), places in a sheet (`a1`), what each tab means to people and to the
//! database (`tabs`), and the client that speaks to Google or to Runboard's own endpoint. This room must not know how
//! workbooks are stored or how formulas are evaluated.
