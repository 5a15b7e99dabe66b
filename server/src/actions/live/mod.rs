//! The live stream over HTTP.

pub mod listen;
