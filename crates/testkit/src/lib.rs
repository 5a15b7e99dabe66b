//! What tests stand on: a database per test, a clock moved by hand, the whole state as text.
//!
//! For tests only, which is why this room may speak SQL. [`TestDb`] is where to start.

mod cluster;
mod database;
mod invariants;
mod own_cluster;
mod postgres;
mod snapshot;

pub use database::TestDb;
pub use invariants::{BROKEN, BROKEN_NOW, broken};
pub use own_cluster::{OwnCluster, StopMode};
pub use snapshot::snapshot_runs;
