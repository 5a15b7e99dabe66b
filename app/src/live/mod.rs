//! The live side of the pages: what travels, and how the browser keeps up.

pub mod diff;
pub mod wire;
