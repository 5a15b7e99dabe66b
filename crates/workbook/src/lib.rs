//! Embedded spreadsheets.
//!
//! What a workbook holds, how its formulas are evaluated, and what every request of the Sheets API v4 does to it. This
//! room is pure: it knows neither HTTP nor SQL nor a clock; whoever stores workbooks hands one in and takes the changes.
