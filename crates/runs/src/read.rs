//! Reading one run whole, and the lists.

use db::reads::{self, ArtifactRow, AttemptRow, EventRow, RunBody, RunRow, StepRow};
use db::{PgConnection, Result};

pub use db::reads::{
    Cursor, RunFilter, artifact, artifact_bytes, artifacts, attempts, events, lanes, list_runs, log_range, log_search,
    log_tail, recent_params, steps, templates, workers,
};

/// Events shown on the page of a run.
pub const EVENTS_SHOWN: i64 = 1000;

/// Everything the page of a run shows, except its log.
#[derive(Debug, Clone, PartialEq)]
pub struct RunDetail {
    /// As lists show it.
    pub row: RunRow,
    /// What was asked and what came of it.
    pub body: RunBody,
    /// Tries, oldest first.
    pub attempts: Vec<AttemptRow>,
    /// Steps of every attempt.
    pub steps: Vec<StepRow>,
    /// The story, oldest first.
    pub events: Vec<EventRow>,
    /// What steps left behind.
    pub artifacts: Vec<ArtifactRow>,
}

/// Reads one run; `None` when there is none that the caller may see.
pub async fn run(conn: &mut PgConnection, run_id: &str) -> Result<Option<RunDetail>> {
    let Some(row) = reads::runs_by_id(conn, &[run_id.to_owned()]).await?.pop() else {
        return Ok(None);
    };
    let Some(body) = reads::run_body(conn, run_id).await? else {
        return Ok(None);
    };
    Ok(Some(RunDetail {
        row,
        body,
        attempts: reads::attempts(conn, run_id).await?,
        steps: reads::steps(conn, run_id).await?,
        events: reads::events(conn, run_id, EVENTS_SHOWN).await?,
        artifacts: reads::artifacts(conn, run_id).await?,
    }))
}
