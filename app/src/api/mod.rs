//! Server functions: ten lines each. Services and caller from context, one use-case call, a view.
//!
//! They are public endpoints under `/fn`: each begins a transaction in the name of its caller, so Postgres applies
//! its policies whatever a page offered.

#[cfg_attr(
    feature = "ssr",
    expect(clippy::unused_async, reason = "a server function is async, whatever it does")
)]
mod account;
#[cfg(feature = "ssr")]
mod alerts;
mod board;
mod bulk;
mod control;
mod error;
#[cfg(feature = "ssr")]
mod installation;
mod logs;
mod rerun;
mod run;
#[cfg(feature = "ssr")]
mod schedules;
#[cfg(feature = "ssr")]
pub(crate) mod schema_form;
mod served;
#[cfg(feature = "ssr")]
mod settings;
#[cfg(feature = "ssr")]
mod share;
mod start;
mod templates;
mod views;

#[cfg(feature = "ssr")]
pub use account::ssr::OwnSession;
pub(crate) use board::read_board;
pub(crate) use control::{ApproveStep, CancelRun, PauseLane, RerunRun, ResumeLane};
pub(crate) use error::{FieldProblem, PageError};
#[cfg(feature = "ssr")]
pub(crate) use error::{answer_with, asks_function, caller, caller_who_may};
#[cfg(feature = "ssr")]
pub use installation::Installation;
pub(crate) use logs::{read_log, search_log};
#[cfg(feature = "ssr")]
pub(crate) use rerun::changes;
pub(crate) use run::{draw_run_part, read_run};
#[cfg(feature = "ssr")]
pub(crate) use schema_form::fields as schema_fields;
pub(crate) use served::draw_page;
pub(crate) use templates::edit_template;
