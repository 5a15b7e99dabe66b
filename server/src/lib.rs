//! The server.
pub mod embedded;
mod private_file;
