//! Lanes: ordered streams of runs.

pub mod list;
pub mod pause;
pub mod resume;
