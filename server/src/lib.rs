//! The server.
pub mod embedded;
mod private_file;
pub mod config;
mod random;
