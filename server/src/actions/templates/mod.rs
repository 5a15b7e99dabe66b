//! Templates: definitions of work.

pub mod list;
pub mod read;
pub mod save;
