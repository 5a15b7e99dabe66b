//! Use cases against a real database.
#![expect(clippy::unwrap_used, reason = "what tests arrange must not fail")]

mod access;
mod artifacts;
mod enqueue;
mod maintenance;
mod s3;
mod schedules;
mod secrets;
mod templates;
