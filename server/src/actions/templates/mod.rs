//! Templates: definitions of work.

pub mod archive;
pub mod check;
pub mod diff;
pub mod list;
pub mod read;
pub mod save;
pub mod version;
pub mod versions;
