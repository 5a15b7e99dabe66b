//! Runs: one execution each.

pub mod approve;
pub mod artifacts;
pub mod callback;
pub mod cancel;
pub mod create;
pub mod events;
pub mod export;
pub(crate) mod filter;
pub mod idempotency;
pub mod list;
pub mod logs;
pub mod logs_text;
pub mod read;
pub mod rerun;
pub mod resume;
pub mod retry;
pub mod steps;
pub mod view;
