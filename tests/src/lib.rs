//! Black-box tests and benchmarks: real server, real workers, real Postgres.
//!
//! This room knows the binaries from outside only: it starts them, sends them signals, and asks the
//! database what became of it. Start at [`fleet::WorkerProcess`]; scenarios with faults start at
//! [`site::Site`].

pub mod audit;
pub mod fleet;
pub mod proxy;
pub mod site;
pub mod watch;
pub mod web;

use std::time::Duration;

/// Waits a moment for other processes.
pub async fn pause(milliseconds: u64) {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where these tests wait for other processes"
    )]
    tokio::time::sleep(Duration::from_millis(milliseconds)).await;
}
