//! Templates: from the text a person wrote to a checked definition, and from there to the values
//! of one step.
//!
//! [`parse`] reads and checks, [`plan`] says what would change, [`save`] stores a version, [`check_params`] compares what a caller gives
//! with what the template asks, [`edit`] changes a text and keeps its comments, [`render`] fills in the values of a step when its turn comes.

mod actions;
mod diff;
pub mod edit;
mod growth;
mod names;
mod params;
mod parse;
mod place;
pub mod render;
#[cfg(test)]
mod schema_tests;
mod store;
mod words;

pub use diff::{Diff, diff};
pub use names::secrets_of;
pub use params::{ParamProblem, check_params};
pub use parse::{Finding, SCHEMA, parse};
pub use store::{Plan, SaveError, Stored, archive, load, plan, restore, save, save_after};
