//! What tests stand on: a database per test, a clock moved by hand, the whole state as text.
//!
//! For tests only, which is why this room may speak SQL. [`TestDb`] is where to start.

mod cluster;
mod database;
mod postgres;
mod snapshot;

pub use database::TestDb;
pub use snapshot::snapshot_runs;
