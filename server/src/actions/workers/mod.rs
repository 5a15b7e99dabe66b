//! Workers: processes that claim runs.

pub mod drain;
pub mod list;
