//! A worker against a real database, with real processes.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod action;
mod agent;
mod api;
mod approval;
mod artifacts;
mod control;
mod demo;
mod docker;
mod engine;
mod mcp;
mod mcp_server;
mod process;
mod recovery;
mod secrets;
mod stage;
mod steps;
