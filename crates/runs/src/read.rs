//! Reading one run whole, and the lists.

use db::reads::{self, ArtifactRow, AttemptRow, EventRow, RelatedRow, RunBody, RunRow, StepRow, WaitRow};
use db::{PgConnection, Result};

pub use db::reads::{
    Cursor, EventPlace, RunFilter, RunPage, TemplateRow, TemplateRun, TemplateVersion, VersionRow, archived_templates,
    artifact, artifact_bytes, artifacts, attempts, events, events_page, lanes, list_runs, log_range, log_search,
    log_tail, recent_params, runs_by_id, steps, template, template_runs, template_versions, templates, worker_failures,
    workers,
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
    /// What it waits for.
    pub wait: Option<WaitRow>,
}

/// The runs around a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relatives {
    /// The one it repeats or was started by.
    pub parent: Option<RelatedRow>,
    /// Those that repeat it or that it started, oldest first.
    pub children: Vec<RelatedRow>,
}

/// Reads one run; `None` when there is none that the caller may see.
pub async fn run(conn: &mut PgConnection, run_id: &str) -> Result<Option<RunDetail>> {
    let Some(row) = reads::runs_by_id(conn, &[run_id.to_owned()]).await?.pop() else {
        return Ok(None);
    };
    let Some(body) = reads::run_body(conn, run_id).await? else {
        return Ok(None);
    };
    let wait = if row.status == "waiting" {
        reads::wait(conn, run_id).await?
    } else {
        None
    };
    Ok(Some(RunDetail {
        wait,
        row,
        body,
        attempts: reads::attempts(conn, run_id).await?,
        steps: reads::steps(conn, run_id).await?,
        events: reads::events(conn, run_id, EVENTS_SHOWN).await?,
        artifacts: reads::artifacts(conn, run_id).await?,
    }))
}

/// Reads the runs around one.
pub async fn relatives(conn: &mut PgConnection, run_id: &str) -> Result<Relatives> {
    Ok(Relatives {
        parent: reads::parent(conn, run_id).await?,
        children: reads::children(conn, run_id).await?,
    })
}
