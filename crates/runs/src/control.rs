//! What operators do to runs, lanes and workers. Postgres checks the right and writes the audit row.

use crate::enqueue::{self, EnqueueError};
use db::{
    PgConnection, Result, queue,
    reads::{self, WaitRow},
};
use domain::{Claims, Role, WaitKind};
use serde_json::Value;
use uuid::Uuid;

pub use db::queue::{Answered, Canceled, Decided, Enqueued, LaneSpec, Resumed, SavedLane};
pub use domain::Decision;

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
/// Changed parameters are checked against the schema of the template as it was, in full.
pub async fn rerun(
    conn: &mut PgConnection,
    run_id: &str,
    changes: &Value,
    from_step: Option<&str>,
) -> std::result::Result<Enqueued, EnqueueError> {
    if let Some(changed) = changes.get("params").and_then(Value::as_object)
        && let Some(template) = reads::template_of(conn, run_id).await.map_err(EnqueueError::Db)?
        && let Value::Object(mut params) = template.params
    {
        for (name, value) in changed {
            // As the function merges them: null takes a parameter away.
            if value.is_null() {
                params.remove(name);
            } else {
                params.insert(name.clone(), value.clone());
            }
        }
        enqueue::fit_params(conn, &template.slug, Some(template.version), &mut params).await?;
    }
    queue::rerun_run(conn, run_id, changes, from_step)
        .await
        .map_err(EnqueueError::Db)
}

/// Approves or rejects the step at which a run waits. The wait names the lowest role that may.
pub async fn approve(
    conn: &mut PgConnection,
    run_id: &str,
    step: &str,
    decision: Decision,
    note: Option<&str>,
) -> Result<Decided> {
    queue::approve_step(conn, run_id, step, decision, note).await
}

/// Whether a caller's role reaches that of a wait for approval.
pub fn may_approve(wait: &WaitRow, claims: &Claims) -> bool {
    let role = wait.role.as_deref().and_then(|role| role.parse::<Role>().ok());
    wait.kind == WaitKind::Approval.as_str() && role.is_some_and(|role| claims.role.reaches(role))
}

/// Ends the wait of a run for a callback, a time or another run: `{status?, output?, error?}`.
pub async fn resume(conn: &mut PgConnection, run_id: &str, outcome: &Value) -> Result<Resumed> {
    queue::resume_run(conn, run_id, outcome).await
}

/// Answers the callback of a step. The caller needs nothing but the token.
pub async fn answer_callback(conn: &mut PgConnection, token: &str, outcome: &Value) -> Result<Answered> {
    queue::answer_callback(conn, token, outcome).await
}

/// Stops a lane from giving out runs until it is resumed; what runs goes on.
pub async fn pause_lane(conn: &mut PgConnection, lane: &str, reason: Option<&str>) -> Result<()> {
    queue::pause_lane(conn, lane, reason).await
}

/// Makes a lane, or edits the version that was read.
pub async fn save_lane(
    conn: &mut PgConnection,
    lane: &str,
    spec: &LaneSpec,
    version: Option<i64>,
) -> Result<SavedLane> {
    queue::save_lane(conn, lane, spec, version).await
}

/// Deletes a lane that nothing names.
pub async fn delete_lane(conn: &mut PgConnection, lane: &str) -> Result<()> {
    queue::delete_lane(conn, lane).await
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
