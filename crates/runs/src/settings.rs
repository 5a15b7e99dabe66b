//! The clockwork of the control plane. Postgres checks the right, the bounds, and that leases outlive
//! heartbeats.

pub use db::settings::{Setting, list, save};
