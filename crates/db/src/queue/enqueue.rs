//! Asking for runs.

use crate::{PgConnection, Result, statements::statements};
use serde::Deserialize;
use serde_json::Value;
use sqlx::types::Json;

/// What became of a request for a run.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Enqueued {
    /// The run that stands for the request.
    pub run_id: String,
    /// Its status.
    pub status: String,
    /// It was made by this request, not by an earlier one.
    #[serde(default = "made")]
    pub created: bool,
    /// It is an equal run that was queued already.
    #[serde(default)]
    pub coalesced: bool,
    /// Workers were told of it; otherwise the caller announces it after its commit.
    #[serde(default = "told")]
    pub announced: bool,
}

fn made() -> bool {
    true
}

fn told() -> bool {
    true
}

/// Enqueues one run as `spec` says.
pub async fn enqueue_run(conn: &mut PgConnection, spec: &Value) -> Result<Enqueued> {
    let Json(enqueued) = sqlx::query_scalar::<_, Json<Enqueued>>(ENQUEUE_RUN)
        .bind(Json(spec))
        .fetch_one(conn)
        .await?;
    Ok(enqueued)
}

/// Enqueues one run and leaves its announcement to the caller, if the answer says so: transactions that
/// announce commit one after the other.
pub async fn enqueue_run_unannounced(conn: &mut PgConnection, spec: &Value) -> Result<Enqueued> {
    let Json(enqueued) = sqlx::query_scalar::<_, Json<Enqueued>>(ENQUEUE_RUN_UNANNOUNCED)
        .bind(Json(spec))
        .fetch_one(conn)
        .await?;
    Ok(enqueued)
}

/// Enqueues many runs at once; the answers stand in the order of `specs`.
pub async fn enqueue_runs(conn: &mut PgConnection, specs: &[Value]) -> Result<Vec<Enqueued>> {
    let answers = sqlx::query_scalar::<_, Json<Enqueued>>(ENQUEUE_RUNS)
        .bind(Json(specs))
        .fetch_all(conn)
        .await?;
    Ok(answers.into_iter().map(|Json(enqueued)| enqueued).collect())
}

statements! {
    ENQUEUE_RUN = "select public.enqueue_run($1::jsonb)";
    ENQUEUE_RUN_UNANNOUNCED = "select public.enqueue_run($1::jsonb, announce => false)";
    ENQUEUE_RUNS = "select public.enqueue_runs($1::jsonb)";
}
