//! Retention: how long history is kept.

pub mod read;
pub mod run;
pub mod save;
