//! The live side of the pages: what travels, and how the browser keeps up.

pub(crate) mod board;
pub mod diff;
pub(crate) mod hub;
pub(crate) mod log;
mod log_search;
pub(crate) mod run;
mod source;
pub mod wire;
