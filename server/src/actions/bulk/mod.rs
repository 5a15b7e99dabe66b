//! Bulk operations: one verb for many runs.

pub mod body;
pub mod create;
pub mod items;
pub mod list;
pub mod preview;
pub mod read;
pub mod view;
