//! Runs that start runs, and runs that wait.

use super::{Enqueued, writes::jsonb_text};
use crate::{DbError, PgConnection, Result, statements::statements};
use chrono::{DateTime, Utc};
use domain::{Decision, OnTimeout, Role, WaitKind};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::types::Json;
use std::collections::BTreeMap;

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

/// How a step ended before its run waited.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct SettledStep {
    /// success, failed or skipped.
    pub status: String,
    /// What later steps may read.
    pub output: Value,
}

/// What became of a wait that was ended from outside.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Resumed {
    /// The run.
    pub run_id: String,
    /// Its status now.
    pub status: String,
    /// This request ended the wait, not an earlier one like it.
    pub resumed: bool,
}

/// A decision that stands.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Decided {
    /// The run.
    pub run_id: String,
    /// Its step.
    pub step: String,
    /// What was decided.
    pub decision: Decision,
    /// By whom; `None` when the end of the time decided.
    pub by: Option<String>,
    /// When.
    pub decided_at: DateTime<Utc>,
    /// Status of the run now.
    pub status: String,
}

/// What became of the answer of a program outside.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Answered {
    /// The run.
    pub run_id: String,
    /// Its status now.
    pub status: String,
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

/// Lets a held run wait at `step`; false when it was lost before.
pub async fn suspend_run(
    conn: &mut PgConnection,
    run_id: &str,
    lease_seq: i64,
    step: &str,
    wait: &Wait,
) -> Result<bool> {
    #[derive(Serialize)]
    struct AtStep<'a> {
        step: &'a str,
        #[serde(flatten)]
        wait: &'a Wait,
    }
    let word: String = sqlx::query_scalar(SUSPEND_RUN)
        .bind(run_id)
        .bind(lease_seq)
        .bind(jsonb_text(&AtStep { step, wait }))
        .fetch_one(conn)
        .await?;
    match word.as_str() {
        "ok" => Ok(true),
        "lost" => Ok(false),
        _ => Err(DbError::unknown_answer("suspend_run", &word)),
    }
}

/// How steps of a held run ended before it waited, by step.
pub async fn settled_steps(
    conn: &mut PgConnection,
    run_id: &str,
    lease_seq: i64,
) -> Result<BTreeMap<String, SettledStep>> {
    let Json(settled) = sqlx::query_scalar::<_, Json<_>>(SETTLED_STEPS)
        .bind(run_id)
        .bind(lease_seq)
        .fetch_one(conn)
        .await?;
    Ok(settled)
}

/// Ends a wait with an outcome from outside: `{status?, output?, error?}`.
pub async fn resume_run(conn: &mut PgConnection, run_id: &str, outcome: &Value) -> Result<Resumed> {
    let Json(resumed) = sqlx::query_scalar::<_, Json<Resumed>>(RESUME_RUN)
        .bind(run_id)
        .bind(jsonb_text(outcome))
        .fetch_one(conn)
        .await?;
    Ok(resumed)
}

/// Approves or rejects the step at which a run waits.
pub async fn approve_step(
    conn: &mut PgConnection,
    run_id: &str,
    step: &str,
    decision: Decision,
    note: Option<&str>,
) -> Result<Decided> {
    let Json(decided) = sqlx::query_scalar::<_, Json<Decided>>(APPROVE_STEP)
        .bind(run_id)
        .bind(step)
        .bind(decision.as_str())
        .bind(note)
        .fetch_one(conn)
        .await?;
    Ok(decided)
}

/// Opens the callback of a step of a held run under the SHA-256 of its token.
pub async fn open_callback(
    conn: &mut PgConnection,
    run_id: &str,
    lease_seq: i64,
    step: &str,
    token_sha256: &str,
) -> Result<()> {
    sqlx::query(OPEN_CALLBACK)
        .bind(run_id)
        .bind(lease_seq)
        .bind(step)
        .bind(token_sha256)
        .execute(conn)
        .await?;
    Ok(())
}

/// Answers the callback of this token.
pub async fn answer_callback(conn: &mut PgConnection, token: &str, outcome: &Value) -> Result<Answered> {
    let Json(answered) = sqlx::query_scalar::<_, Json<Answered>>(ANSWER_CALLBACK)
        .bind(token)
        .bind(jsonb_text(outcome))
        .fetch_one(conn)
        .await?;
    Ok(answered)
}

statements! {
    ASSERT_LEASE = "select public.assert_lease($1, $2)";
    SUSPEND_RUN = "select public.suspend_run($1, $2, $3::text::jsonb)";
    SETTLED_STEPS = "select public.settled_steps($1, $2)";
    RESUME_RUN = "select public.resume_run($1, $2::text::jsonb)";
    APPROVE_STEP = "select public.approve_step($1, $2, $3, $4)";
    OPEN_CALLBACK = "select public.open_callback($1, $2, $3, $4)";
    ANSWER_CALLBACK = "select public.answer_callback($1, $2::text::jsonb)";
    START_CHILD_RUN = "select public.start_child_run($1, $2, $3, $4::jsonb)";
}
