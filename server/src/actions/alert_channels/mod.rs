//! Channels: webhooks that hear of alerts.

pub mod change;
pub mod create;
pub mod delete;
pub mod deliveries;
pub mod list;
pub mod test;
pub mod view;
