//! Filters over runs with a name.

pub mod delete;
pub mod list;
pub mod save;
