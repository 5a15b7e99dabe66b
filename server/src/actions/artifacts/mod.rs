//! Artifacts: what steps left behind.

pub mod content;
pub mod read;
pub mod view;
