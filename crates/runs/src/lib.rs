//! Use cases of the control plane.
//!
//! What a person, a program or a worker can ask for: enqueue a run, cancel it, read it, save a
//! template, log in. Each function takes the connection of a transaction that its caller began and
//! commits. This room must not know HTTP, pages or step kinds, and writes no SQL itself.
//!
//! Start at [`Services`], then [`enqueue`].

pub mod access;
pub mod actions;
pub mod alerts;
pub mod artifacts;
pub mod audit;
pub mod board;
pub mod bulk;
pub mod connections;
pub mod control;
pub mod demo;
pub mod enqueue;
pub mod filter;
pub mod health;
pub mod log;
pub mod mask;
pub mod network;
pub mod read;
pub mod remote;
pub mod retention;
pub mod schedules;
pub mod secrets;
mod services;
pub mod settings;
pub mod setup;
pub mod start_form;
pub mod template;
pub mod views;

pub use services::Services;
