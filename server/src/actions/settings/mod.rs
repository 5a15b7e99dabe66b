//! The clockwork: leases, heartbeats, sweeps, limits.

pub mod read;
pub mod save;
