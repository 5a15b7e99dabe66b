//! Alerts: what is wrong, who hears of it, and how a message proves where it comes from.
//!
//! The rules are judged in Postgres (`evaluate_alerts`), the messages are carried by the server. Start at
//! [`channels`] for who hears, at [`sign`] for the signature.

pub mod channels;
mod send;
mod sign;

pub use db::alerts::{
    AlertRow, Answer, ChannelRow, DeliveryRow, DueDelivery, Evaluated, RuleRow, Target, claim_deliveries, deliveries,
    evaluate, finish_delivery, list, rules, save_rule,
};
pub use send::{Letter, send};
pub use sign::{SIGNATURE_HEADER, sign};
