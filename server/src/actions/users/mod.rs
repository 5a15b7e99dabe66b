//! People who log in.

pub mod create;
pub mod link;
pub mod list;
pub mod update;
