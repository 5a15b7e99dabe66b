//! Lanes: ordered streams of runs.

pub mod delete;
pub mod list;
pub mod pause;
pub mod resume;
pub mod save;
