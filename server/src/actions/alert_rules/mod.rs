//! Rules: what opens an alert.

pub mod change;
pub mod list;
