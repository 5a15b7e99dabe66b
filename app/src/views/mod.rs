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
mod wait_words;
#[cfg(feature = "ssr")]
pub use from_rows::{board_view, detail_view, pretty};

pub use board::{BoardView, LaneOrder, LaneView, MinuteView, StripView};
pub use detail::{
    ArtifactTextView, ArtifactView, AttemptView, DetailView, EventView, PlanStepView, RunPageView, StepView,
    WaitReason, WaitView,
};
pub use json::{FromJson, Sent};
pub use log::ChunkView;
pub use run::{ErrorView, ProgressView, RunListView, RunView};
pub use served::ServedView;
pub use template::{FieldKind, FieldView, StartFormView, TemplateView};
pub use worker::WorkerView;
