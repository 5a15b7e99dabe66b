//! Bulk operations: what one is about to do, how far one has come, and all of them.

mod confirm;
mod list;
mod one;
mod words;

pub(crate) use confirm::UNTYPED;
pub(super) use confirm::page as confirm;
pub(super) use list::page as list;
pub(super) use one::page as one;
