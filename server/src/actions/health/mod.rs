//! How the parts are.

pub mod database;
