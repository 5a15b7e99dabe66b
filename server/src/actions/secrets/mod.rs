//! Secrets: values given to steps by name. They go in and never come out again.

pub mod delete;
pub mod list;
pub mod save;
