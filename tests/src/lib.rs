//! Black-box tests and benchmarks: real server, real workers, real Postgres.
//!
//! This room knows the binaries from outside only: it starts them, sends them signals, and asks the
//! database what became of it. Start at [`fleet::WorkerProcess`].

pub mod fleet;
