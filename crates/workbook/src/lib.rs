//! Embedded spreadsheets.
//!
//! What a workbook holds, and what every request of the Sheets API v4 does to it. This room is pure: it knows neither
//! HTTP nor SQL nor a clock; whoever stores workbooks hands one in and takes the changes.
//!
//! [`model`] is the workbook, [`xlsx`] reads and writes it as a file, [`values`] and [`batch`] change it and answer with
//! [`values::Applied`]: the workbook as it is now, the answer, and the [`changes`] to store. A refusal leaves everything
//! as it was. [`formulas`] are worked out in between, by an engine that nothing else here knows.

pub mod batch;
pub mod changes;
pub mod entry;
pub mod formulas;
pub mod get;
pub mod limits;
pub mod metadata;
pub mod model;
pub mod pattern;
pub mod place;
pub mod render;
pub mod values;
pub mod xlsx;
