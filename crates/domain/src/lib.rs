//! Words and rules of Runboard.
//!
//! What every other room agrees on: the names of states, lanes and roles, who may do what, and what a
//! template is. This room must not know storage, HTTP, clocks or chance, and compiles to wasm.
//!
//! Start at [`RunStatus`] for the life of a run, at [`Template`] for the definition of work, at
//! [`Permission`] for who may do what, at [`filter`] for how lists of runs are narrowed.

mod access;
pub mod filter;
mod hex;
mod lane;
mod log_level;
mod measure;
mod run_id;
mod status;
mod template;
mod wait;

pub use access::{Claims, Permission, Role, Via};
pub use hex::hex;
pub use lane::LaneName;
pub use log_level::{LogLevel, plain as plain_line};
pub use measure::{DEEPEST_JSON, JsonMeasure};
pub use run_id::RunId;
pub use status::{RunStatus, StepStatus};
pub use template::{Backoff, Finding, OnFailure, ParamsSchema, Policy, Retry, Step, StepKind, Template, check};
pub use wait::{Decision, OnTimeout, WaitKind};

/// A text that does not have the form its type demands.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{value:?} is not a {what}: {form}")]
pub struct Malformed {
    /// What was expected, in words.
    pub what: &'static str,
    /// The form that is demanded, in words.
    pub form: &'static str,
    /// The text that was given.
    pub value: String,
}
