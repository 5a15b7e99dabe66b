//! Channels: webhooks that hear of alerts.

pub mod change;
pub mod create;
pub mod delete;
pub mod deliveries;
pub mod list;
mod reachable;
pub mod test;
pub mod view;
