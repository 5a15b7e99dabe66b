//! What operators do to runs, lanes and workers. Postgres checks the right and writes the audit row.

use db::{PgConnection, Result, queue};
use serde_json::Value;
use uuid::Uuid;

pub use db::queue::{Canceled, Enqueued};

/// Cancels a run: at once while it waits; while it runs, its worker is told. `force` ends a run
/// whose worker has not obeyed within the grace time.
pub async fn cancel(conn: &mut PgConnection, run_id: &str, reason: Option<&str>, force: bool) -> Result<Canceled> {
    queue::cancel_run(conn, run_id, reason, force).await
}

/// Starts a failed or canceled run again as a new run with the same content.
pub async fn retry(conn: &mut PgConnection, run_id: &str) -> Result<Enqueued> {
    queue::retry_run(conn, run_id).await
}

/// Starts any run again as a new run, with changes, from the start or from one of its steps.
pub async fn rerun(
    conn: &mut PgConnection,
    run_id: &str,
    changes: &Value,
    from_step: Option<&str>,
) -> Result<Enqueued> {
    queue::rerun_run(conn, run_id, changes, from_step).await
}

/// Stops a lane from giving out runs until it is resumed; what runs goes on.
pub async fn pause_lane(conn: &mut PgConnection, lane: &str, reason: Option<&str>) -> Result<()> {
    queue::pause_lane(conn, lane, reason).await
}

/// Lets a paused lane give out runs again.
pub async fn resume_lane(conn: &mut PgConnection, lane: &str) -> Result<()> {
    queue::resume_lane(conn, lane).await
}

/// Tells a worker to take no more runs; what it holds it finishes.
pub async fn drain_worker(conn: &mut PgConnection, worker_id: Uuid) -> Result<()> {
    queue::drain_worker(conn, worker_id).await
}

/// Says in words and as codes why a run is not running.
pub async fn explain_wait(conn: &mut PgConnection, run_id: &str) -> Result<Value> {
    queue::explain_wait(conn, run_id).await
}
