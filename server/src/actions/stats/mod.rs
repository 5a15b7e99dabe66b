//! Numbers over all runs.

pub mod read;
