//! Artifacts: what steps left behind.

pub mod compare;
pub mod content;
pub mod download;
pub mod link;
mod range;
pub mod read;
pub mod receive;
mod send;
pub mod upload;
pub mod view;
