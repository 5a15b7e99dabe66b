//! A worker: takes runs from the queue and works on them.
//!
//! It claims runs while it has free slots, runs their steps, tells the control plane everything in
//! batches, and keeps its leases by heartbeat. When a lease is lost, the work is dropped and nothing more
//! is written. This room must not know HTTP servers, pages or SQL; what a kind of step does is in
//! [`steps`].
//!
//! Start at [`Worker::start`]. One run is worked on in `runner`, everything it says leaves through
//! [`journal::Journal`] and the one `writer` of the process.

mod claim;
pub mod cli;
pub mod config;
mod definitions;
pub mod held;
pub mod journal;
pub mod keyring;
mod life;
pub mod log;
mod memory;
mod pace;
mod process;
mod progress;
mod runner;
pub mod scratch;
pub mod steps;
pub mod stop;
mod sweep;
mod worker;
mod writer;

pub use config::Config;
pub use keyring::Keyring;
pub use worker::{BrokenDown, Handle, Worker};
