//! What operators do to runs and lanes, and what the sweep repairs.

use super::Enqueued;
use crate::{PgConnection, Result, statements::statements};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::types::Json;

/// What became of a request to cancel.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Canceled {
    /// The run.
    pub run_id: String,
    /// Its status now.
    pub status: String,
    /// What the request did.
    pub outcome: CancelOutcome,
}

/// What a request to cancel did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CancelOutcome {
    /// The run has ended.
    Canceled,
    /// Its worker is told; the run ends soon.
    Requested,
    /// It had ended before.
    AlreadyFinal,
}

/// What one sweep repaired.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct Swept {
    /// Runs put back into their lane.
    pub recovered: i64,
    /// Waiting runs put back into their lane.
    pub resumed: i64,
    /// Runs failed for good.
    pub failed: i64,
    /// Runs whose cancel their worker did not live to see.
    pub canceled: i64,
}

impl Swept {
    /// Whether anything was repaired.
    pub fn is_any(self) -> bool {
        self.recovered + self.resumed + self.failed + self.canceled > 0
    }
}

/// Cancels a run: at once while it waits; while it runs, its worker is told.
pub async fn cancel_run(conn: &mut PgConnection, run_id: &str, reason: Option<&str>, force: bool) -> Result<Canceled> {
    let Json(canceled) = sqlx::query_scalar::<_, Json<Canceled>>(CANCEL_RUN)
        .bind(run_id)
        .bind(reason)
        .bind(force)
        .fetch_one(conn)
        .await?;
    Ok(canceled)
}

/// Starts a failed or canceled run again, as a new run.
pub async fn retry_run(conn: &mut PgConnection, run_id: &str) -> Result<Enqueued> {
    let Json(enqueued) = sqlx::query_scalar::<_, Json<Enqueued>>(RETRY_RUN)
        .bind(run_id)
        .fetch_one(conn)
        .await?;
    Ok(enqueued)
}

/// Starts any run again with changes, from the start or from one of its steps.
pub async fn rerun_run(
    conn: &mut PgConnection,
    run_id: &str,
    changes: &Value,
    from_step: Option<&str>,
) -> Result<Enqueued> {
    let Json(enqueued) = sqlx::query_scalar::<_, Json<Enqueued>>(RERUN_RUN)
        .bind(run_id)
        .bind(Json(changes))
        .bind(from_step)
        .fetch_one(conn)
        .await?;
    Ok(enqueued)
}

/// Stops a lane from giving out runs.
pub async fn pause_lane(conn: &mut PgConnection, lane: &str, reason: Option<&str>) -> Result<()> {
    sqlx::query(PAUSE_LANE).bind(lane).bind(reason).execute(conn).await?;
    Ok(())
}

/// A whole lane; what is `None` is what a new lane has.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct LaneSpec {
    /// One word.
    pub title: String,
    /// What it is for.
    pub purpose: Option<String>,
    /// Place on the board.
    pub position: Option<i32>,
    /// Runs that may run at once.
    pub max_running: Option<i32>,
    /// Runs with one concurrency key that may run at once.
    pub max_per_key: Option<i32>,
    /// Claims per `rate_seconds`.
    pub rate_limit: Option<i32>,
    /// The time that `rate_limit` is about.
    pub rate_seconds: Option<i32>,
    /// Seconds of waiting for one point of priority.
    pub aging_seconds: Option<i32>,
}

/// A lane that was saved.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct SavedLane {
    /// Its name.
    pub name: String,
    /// Its version now.
    pub version: i64,
    /// Whether it is new.
    pub created: bool,
}

/// Makes a lane, or edits the version that was read.
pub async fn save_lane(
    conn: &mut PgConnection,
    lane: &str,
    spec: &LaneSpec,
    version: Option<i64>,
) -> Result<SavedLane> {
    let Json(saved) = sqlx::query_scalar::<_, Json<SavedLane>>(SAVE_LANE)
        .bind(lane)
        .bind(Json(spec))
        .bind(version)
        .fetch_one(conn)
        .await?;
    Ok(saved)
}

/// Deletes a lane that nothing names.
pub async fn delete_lane(conn: &mut PgConnection, lane: &str) -> Result<()> {
    sqlx::query(DELETE_LANE).bind(lane).execute(conn).await?;
    Ok(())
}

/// Lets a paused lane give out runs again.
pub async fn resume_lane(conn: &mut PgConnection, lane: &str) -> Result<()> {
    sqlx::query(RESUME_LANE).bind(lane).execute(conn).await?;
    Ok(())
}

/// Recovers up to `max_rows` runs whose lease or time is over. Safe with many sweepers.
pub async fn sweep_stuck_runs(conn: &mut PgConnection, max_rows: i32) -> Result<Swept> {
    let Json(swept) = sqlx::query_scalar::<_, Json<Swept>>(SWEEP_STUCK_RUNS)
        .bind(max_rows)
        .fetch_one(conn)
        .await?;
    Ok(swept)
}

/// Says in words and as codes why a run is not running.
pub async fn explain_wait(conn: &mut PgConnection, run_id: &str) -> Result<Value> {
    Ok(sqlx::query_scalar(EXPLAIN_WAIT).bind(run_id).fetch_one(conn).await?)
}

statements! {
    CANCEL_RUN = "select public.cancel_run($1, $2, $3)";
    RETRY_RUN = "select public.retry_run($1)";
    RERUN_RUN = "select public.rerun_run($1, $2, $3)";
    SAVE_LANE = "select public.save_lane($1, $2, $3)";
    DELETE_LANE = "select public.delete_lane($1)";
    PAUSE_LANE = "select public.pause_lane($1, $2)";
    RESUME_LANE = "select public.resume_lane($1)";
    SWEEP_STUCK_RUNS = "select public.sweep_stuck_runs($1)";
    EXPLAIN_WAIT = "select public.explain_wait($1)";
}
