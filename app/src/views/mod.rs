//! What pages and the live stream show: plain data, the same on both sides of the wire.
//!
//! Times are Unix milliseconds, JSON documents are pretty text: the browser needs no calendar and no parser.

mod board;
mod detail;
pub(crate) mod json;
mod log;
mod run;
mod served;
mod template;
mod worker;

#[cfg(feature = "ssr")]
mod from_rows;
#[cfg(feature = "ssr")]
mod log_parts;
#[cfg(feature = "ssr")]
mod wait_words;
#[cfg(feature = "ssr")]
pub use from_rows::{board_view, detail_view, pretty};
#[cfg(feature = "ssr")]
pub(crate) use log_parts::{filter, picked_view, tail_view, whole_view};

pub use board::{BoardView, LaneOrder, LaneView, MinuteView, StripView};
pub use detail::{AttemptView, DetailView, PlanStepView, RunPageView, StepView, WaitView};
pub use json::{FromJson, Sent};
pub use log::{ChunkView, LogAsk, LogHits, LogPartView};
pub use run::{ErrorView, ProgressView, RunView};
pub use served::{EditView, ServedView};
pub use template::{FieldKind, FieldView, TemplateView};
pub use worker::WorkerView;
