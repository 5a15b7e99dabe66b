//! Alerts: what is or was wrong.

pub mod list;
