//! What pages and API answers show.
//!
//! Every read is bounded: it goes through an index and stops at a limit, so that a board costs the same
//! with ten runs and with ten million. Policies decide what a caller sees; callers pass the connection of
//! a [`crate::pool::begin_as`] transaction.

pub(crate) mod board;
pub(crate) mod lanes;
pub(crate) mod list;
pub(crate) mod logs;
mod rows;
pub(crate) mod run;
pub(crate) mod templates;
pub(crate) mod waits;

pub use board::{last_finished, minutes, next_queued, running, strip, strip_over};
pub use lanes::{lanes, worker_failures, workers};
pub use list::{Cursor, RunFilter, RunPage, count_by_status, count_open, list_runs, matching_ids, runs_by_id};
pub use logs::{LogHint, log_after, log_pick, log_range, log_search, log_tail};
pub use rows::{
    ArtifactRow, AttemptRow, EventRow, LaneRow, LogChunk, LogMatch, Minute, RunBody, RunRow, StepRow, Strip,
    TemplateRow, TemplateRun, TemplateVersion, VersionRow, WorkerRow,
};
pub use run::{
    EventPlace, RunJson, artifact, artifact_bytes, artifacts, attempts, events, events_page, run_body, run_json, steps,
};
pub use templates::{archived_templates, recent_params, template, template_runs, template_versions, templates};
pub use waits::{RelatedRow, TemplateOf, WaitRow, children, parent, template_of, wait};

/// A statement that reads [`RunRow`]s: the file names the chosen runs, the rest is the same for all.
macro_rules! run_rows {
    ($($file:literal),+) => {
        concat!(
            $(include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/queries/reads/", $file)),)+
            include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/queries/reads/run_row.sql"))
        )
    };
}
pub(crate) use run_rows;

#[cfg(test)]
mod tests;
