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
}

fn made() -> bool {
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
    ENQUEUE_RUNS = "select public.enqueue_runs($1::jsonb)";
}
