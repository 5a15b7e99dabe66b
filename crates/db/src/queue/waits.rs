//! Runs that start runs, and runs that wait.

use super::Enqueued;
use crate::{PgConnection, Result, statements::statements};
use domain::{OnTimeout, Role, WaitKind};
use serde::Serialize;
use serde_json::Value;
use sqlx::types::{Json, chrono::DateTime, chrono::Utc};

/// What a step waits for.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Wait {
    /// What ends it.
    pub kind: WaitKind,
    /// Lowest role that may approve.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// What is asked, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// When it ends by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_at: Option<DateTime<Utc>>,
    /// The same, counted from its begin.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout_seconds: Option<f64>,
    /// What the end of the time decides; failing when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_timeout: Option<OnTimeout>,
    /// What the kind needs to know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<Value>,
}

impl Wait {
    /// A wait without an end.
    pub fn new(kind: WaitKind) -> Self {
        Self {
            kind,
            role: None,
            message: None,
            due_at: None,
            timeout_seconds: None,
            on_timeout: None,
            data: None,
        }
    }
}

/// Holds the lease for this transaction, or is refused: a worker that lost it can commit nothing.
pub async fn assert_lease(conn: &mut PgConnection, run_id: &str, lease_seq: i64) -> Result<()> {
    sqlx::query(ASSERT_LEASE)
        .bind(run_id)
        .bind(lease_seq)
        .execute(conn)
        .await?;
    Ok(())
}

/// Starts a run for a step of a held run, in the name of who asked for that one. Asked again for the same
/// step, it answers with the same run.
pub async fn start_child_run(
    conn: &mut PgConnection,
    run_id: &str,
    lease_seq: i64,
    step: &str,
    spec: &Value,
) -> Result<Enqueued> {
    let Json(enqueued) = sqlx::query_scalar::<_, Json<Enqueued>>(START_CHILD_RUN)
        .bind(run_id)
        .bind(lease_seq)
        .bind(step)
        .bind(Json(spec))
        .fetch_one(conn)
        .await?;
    Ok(enqueued)
}

statements! {
    ASSERT_LEASE = "select public.assert_lease($1, $2)";
    START_CHILD_RUN = "select public.start_child_run($1, $2, $3, $4::jsonb)";
}
