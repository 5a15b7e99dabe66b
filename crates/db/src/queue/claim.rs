//! Holding runs: claim them, keep them by heartbeat, give them back.

use super::Completion;
use crate::{DbError, PgConnection, Result, statements::statements};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sqlx::{FromRow, Row as _, postgres::PgRow};
use uuid::Uuid;

/// A run this worker now holds, with everything it needs to work on it.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct ClaimedRun {
    /// Id known to people.
    pub run_id: String,
    /// Proof of holding it: every write names it.
    pub lease_seq: i64,
    /// Lane it flows in.
    pub lane: String,
    /// What a person called it.
    pub title: String,
    /// Environment the caller named.
    pub env: String,
    /// Action, if an action started it.
    pub action: Option<String>,
    /// Template as it was when the run was made.
    #[sqlx(json(nullable))]
    pub template: Option<TemplateSnapshot>,
    /// Parameters of the template.
    pub params: Value,
    /// Scope of the action.
    pub scope: Option<Value>,
    /// Spreadsheet and tab of the click.
    pub sheet_context: Option<Value>,
    /// Options of the action.
    pub options: Value,
    /// Who asked.
    pub requested_by: Value,
    /// Number of this attempt, from 1.
    pub attempt: i32,
    /// Outputs of the steps that earlier attempts finished, by step.
    #[sqlx(json)]
    pub steps_done: Map<String, Value>,
    /// When this attempt must have ended.
    pub deadline_at: Option<DateTime<Utc>>,
    /// The database's time of the claim: a worker counts from it, because its own clock may be wrong.
    pub claimed_at: DateTime<Utc>,
}

/// One version of a template, as a claim hands it out.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct TemplateSnapshot {
    /// Name.
    pub slug: String,
    /// Number.
    pub version: i32,
    /// Normalized definition (`domain::Template`); null where it was not asked for.
    #[serde(default)]
    pub definition: Value,
}

/// One sign of life of one run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Beat {
    /// The run.
    pub run_id: String,
    /// Lease it is held under.
    pub lease_seq: i64,
    /// `{done, total, message}`, when it changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub progress: Option<Value>,
}

/// What a sign of life met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BeatOutcome {
    /// The lease is renewed.
    Ok,
    /// The lease is renewed; a person wants the run to end.
    CancelRequested,
    /// The run belongs to somebody else now: stop and discard.
    Lost,
}

/// Takes up to `want` due runs of `lanes`, with the definitions of their templates.
pub async fn claim_runs(
    conn: &mut PgConnection,
    worker_id: Uuid,
    lanes: &[String],
    want: i32,
) -> Result<Vec<ClaimedRun>> {
    claim(conn, worker_id, lanes, want, true).await
}

/// The same without definitions, for who keeps them: [`definition`] gives each once.
pub async fn claim_runs_briefly(
    conn: &mut PgConnection,
    worker_id: Uuid,
    lanes: &[String],
    want: i32,
) -> Result<Vec<ClaimedRun>> {
    claim(conn, worker_id, lanes, want, false).await
}

async fn claim(
    conn: &mut PgConnection,
    worker_id: Uuid,
    lanes: &[String],
    want: i32,
    definitions: bool,
) -> Result<Vec<ClaimedRun>> {
    let rows = sqlx::query(CLAIM_RUNS)
        .bind(worker_id)
        .bind(lanes)
        .bind(want)
        .bind(definitions)
        .fetch_all(&mut *conn)
        .await?;
    let mut claimed = Vec::with_capacity(rows.len());
    for row in rows {
        match ClaimedRun::from_row(&row) {
            Ok(run) => claimed.push(run),
            Err(error) if is_unreadable(&error) => end_unread(conn, &row, &error).await,
            Err(error) => return Err(error.into()),
        }
    }
    Ok(claimed)
}

/// Whether Postgres holds JSON that this program cannot read: nested too deep, or a number too large.
fn is_unreadable(error: &sqlx::Error) -> bool {
    let sqlx::Error::ColumnDecode { source, .. } = error else {
        return false;
    };
    source
        .downcast_ref::<serde_json::Error>()
        .is_some_and(serde_json::Error::is_syntax)
}

/// Ends a run that was claimed and that nobody can read: the others of the claim go on. When that fails, its
/// lease expires.
async fn end_unread(conn: &mut PgConnection, row: &PgRow, error: &sqlx::Error) {
    let ended = async {
        let end = Completion {
            run_id: row.try_get("run_id")?,
            lease_seq: row.try_get("lease_seq")?,
            status: "failed".to_owned(),
            result: None,
            error: Some(json!({
                "code": "unreadable",
                "message": "what the run was given, or what its steps left, cannot be read",
                "hint": "It is nested too deep or holds a number that is too large: make it plainer and start a new run.",
            })),
            retryable: false,
        };
        tracing::error!(run.id = end.run_id, %error, "A run cannot be read; it fails.");
        super::complete_run(conn, &end).await
    };
    if let Err(error) = ended.await {
        tracing::warn!(%error, "A run that cannot be read could not be ended; its lease expires.");
    }
}

/// The definition of one version of a template, which never changes.
pub async fn definition(conn: &mut PgConnection, slug: &str, version: i32) -> Result<Option<Value>> {
    Ok(sqlx::query_scalar(DEFINITION)
        .bind(slug)
        .bind(version)
        .fetch_optional(conn)
        .await?)
}

/// Renews the leases of the runs a worker holds, all in one call.
pub async fn heartbeat_runs(conn: &mut PgConnection, beats: &[Beat]) -> Result<Vec<(String, BeatOutcome)>> {
    let answers: Vec<(String, String)> = sqlx::query_as(HEARTBEAT_RUNS)
        .bind(super::writes::jsonb_text(beats))
        .fetch_all(conn)
        .await?;
    answers
        .into_iter()
        .map(|(run_id, word)| {
            let outcome = match word.as_str() {
                "ok" => BeatOutcome::Ok,
                "cancel_requested" => BeatOutcome::CancelRequested,
                "lost" => BeatOutcome::Lost,
                _ => return Err(DbError::unknown_answer("heartbeat_runs", &word)),
            };
            Ok((run_id, outcome))
        })
        .collect()
}

/// Gives a run back in an orderly shutdown, without a penalty; false when it was lost before.
pub async fn release_run(conn: &mut PgConnection, run_id: &str, lease_seq: i64) -> Result<bool> {
    let word: String = sqlx::query_scalar(RELEASE_RUN)
        .bind(run_id)
        .bind(lease_seq)
        .fetch_one(conn)
        .await?;
    Ok(word == "ok")
}

statements! {
    CLAIM_RUNS = "
        select run_id, lease_seq, lane, title, env, action, template, params, scope, sheet_context, options,
          requested_by, attempt, steps_done, deadline_at, runboard_internal.clock() as claimed_at
        from public.claim_runs($1, $2, $3, $4)";
    DEFINITION = "select definition from public.run_template_versions where slug = $1 and version = $2";
    HEARTBEAT_RUNS = "select run_id, outcome from public.heartbeat_runs($1::text::jsonb)";
    RELEASE_RUN = "select public.release_run($1, $2)::text";
}
