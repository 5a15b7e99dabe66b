//! The server as its callers see it: over a socket, on a real Postgres.
#![expect(clippy::unwrap_used, reason = "an arrangement that fails fails its test")]

mod access;
mod actions;
mod alerts;
mod api;
mod artifacts;
mod bulk;
mod client;
mod embedded;
mod idempotency;
mod live;
mod metrics;
mod openapi;
mod permissions;
mod problems;
mod remote;
mod schedules;
mod secrets;
mod sessions;
mod settings;
mod setup;
mod shutdown;
mod templates;
mod waits;
