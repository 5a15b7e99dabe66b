//! Runs of actions: the fixed contract of the sheet menus.

pub mod catalog;
pub mod read;
pub mod start;
