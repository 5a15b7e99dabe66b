//! Schedules: work that starts by itself at certain times.

pub mod body;
pub mod change;
pub mod create;
pub mod delete;
pub mod list;
pub mod next;
pub mod preview;
pub mod read;
pub mod run_now;
pub mod view;
