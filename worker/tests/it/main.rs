//! A worker against a real database, with real processes.

mod api;
mod control;
mod demo;
mod process;
mod recovery;
mod stage;
mod steps;
