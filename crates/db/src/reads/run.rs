//! One run from all sides: body, attempts, steps, events, artifacts.

use super::{ArtifactRow, AttemptRow, EventRow, RunBody, StepRow};
use crate::{PgConnection, Result, statements::statements};
use chrono::{DateTime, Utc};
use sqlx::FromRow;
use std::{
    fmt::{self, Display, Formatter},
    str::FromStr,
};
use uuid::Uuid;

/// What a run was asked to do and what came of it.
pub async fn run_body(conn: &mut PgConnection, run_id: &str) -> Result<Option<RunBody>> {
    Ok(sqlx::query_as(RUN_BODY).bind(run_id).fetch_optional(conn).await?)
}

/// What a run was asked to do and what came of it, as JSON text: a number keeps all its digits.
#[derive(Debug, Clone, Default, PartialEq, Eq, FromRow)]
pub struct RunJson {
    /// Parameters of the template.
    pub params: Option<String>,
    /// Options of the action.
    pub options: Option<String>,
    /// What the action works on.
    pub scope: Option<String>,
    /// Spreadsheet and tab of the click.
    pub sheet_context: Option<String>,
    /// Outcome.
    pub result: Option<String>,
    /// Longest time one attempt may take.
    pub timeout_seconds: Option<i32>,
    /// Runs with one key run one after the other.
    pub concurrency_key: Option<String>,
}

/// The documents of a run as Postgres writes them, in lines.
pub async fn run_json(conn: &mut PgConnection, run_id: &str) -> Result<Option<RunJson>> {
    Ok(sqlx::query_as(RUN_JSON).bind(run_id).fetch_optional(conn).await?)
}

/// Tries, oldest first; the one that goes on stands last.
pub async fn attempts(conn: &mut PgConnection, run_id: &str) -> Result<Vec<AttemptRow>> {
    Ok(sqlx::query_as(ATTEMPTS).bind(run_id).fetch_all(conn).await?)
}

/// Steps of every attempt, attempt by attempt, in the order of the template.
pub async fn steps(conn: &mut PgConnection, run_id: &str) -> Result<Vec<StepRow>> {
    Ok(sqlx::query_as(STEPS).bind(run_id).fetch_all(conn).await?)
}

/// The newest `limit` events, oldest first.
pub async fn events(conn: &mut PgConnection, run_id: &str, limit: i64) -> Result<Vec<EventRow>> {
    Ok(sqlx::query_as(EVENTS).bind(run_id).bind(limit).fetch_all(conn).await?)
}

/// The first `limit` events, or those behind `after`, oldest first.
pub async fn events_page(
    conn: &mut PgConnection,
    run_id: &str,
    after: Option<EventPlace>,
    limit: i64,
) -> Result<Vec<EventRow>> {
    Ok(sqlx::query_as(EVENTS_PAGE)
        .bind(run_id)
        .bind(after.map(|after| after.at))
        .bind(after.map(|after| after.lease_seq))
        .bind(after.map(|after| after.seq))
        .bind(limit)
        .fetch_all(conn)
        .await?)
}

/// Where an event stands among those of its run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventPlace {
    /// When it happened.
    pub at: DateTime<Utc>,
    /// Lease it was written under.
    pub lease_seq: i64,
    /// Number inside the lease.
    pub seq: i64,
}

impl EventPlace {
    /// The place of `event`.
    pub fn of(event: &EventRow) -> Self {
        Self {
            at: event.at,
            lease_seq: event.lease_seq,
            seq: event.seq,
        }
    }
}

/// As cursors name it. Microseconds keep the place exact: Postgres stores no less.
impl Display for EventPlace {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.at.timestamp_micros(), self.lease_seq, self.seq)
    }
}

impl FromStr for EventPlace {
    type Err = ();

    fn from_str(text: &str) -> std::result::Result<Self, ()> {
        let numbers: Option<Vec<i64>> = text.split('.').map(|number| number.parse().ok()).collect();
        let Some([micros, lease_seq, seq]) = numbers.as_deref() else {
            return Err(());
        };
        Ok(Self {
            at: DateTime::from_timestamp_micros(*micros).ok_or(())?,
            lease_seq: *lease_seq,
            seq: *seq,
        })
    }
}

/// What steps left behind, oldest first.
pub async fn artifacts(conn: &mut PgConnection, run_id: &str) -> Result<Vec<ArtifactRow>> {
    Ok(sqlx::query_as(ARTIFACTS).bind(run_id).fetch_all(conn).await?)
}

/// One artifact without its bytes.
pub async fn artifact(conn: &mut PgConnection, artifact_id: Uuid) -> Result<Option<ArtifactRow>> {
    Ok(sqlx::query_as(ARTIFACT).bind(artifact_id).fetch_optional(conn).await?)
}

/// The bytes of an artifact that is kept in its row.
pub async fn artifact_bytes(conn: &mut PgConnection, artifact_id: Uuid) -> Result<Option<Vec<u8>>> {
    let bytes: Option<Option<Vec<u8>>> = sqlx::query_scalar(ARTIFACT_BYTES)
        .bind(artifact_id)
        .fetch_optional(conn)
        .await?;
    Ok(bytes.flatten())
}

statements! {
    RUN_BODY = "
        select r.params, r.scope, r.sheet_context, r.options, r.requested_by, r.result, r.parent_run_id,
          r.idempotency_key, r.concurrency_key, r.timeout_seconds,
          coalesce(l.log_line_count, r.log_line_count) as log_line_count
        from public.runs as r
        left join runboard_internal.run_leases as l on l.run_id = r.run_id
        where r.run_id = $1";
    RUN_JSON = "
        select jsonb_pretty(params) as params, jsonb_pretty(options) as options, jsonb_pretty(scope) as scope,
          jsonb_pretty(sheet_context) as sheet_context, jsonb_pretty(result) as result, timeout_seconds, concurrency_key
        from public.runs
        where run_id = $1";
    ATTEMPTS = include_str!("../../queries/reads/attempts.sql");
    STEPS = "
        select step, lease_seq, attempt, position, title, kind, status, try, started_at, finished_at, output, error
        from public.run_steps
        where run_id = $1
        order by lease_seq, position, step
        limit 5000";
    /// The control plane's own events and a worker's may bear the same time: the lease orders them.
    EVENTS = "
        select lease_seq, seq, at, kind, message, data
        from (
          select lease_seq, seq, at, kind, message, data
          from public.run_events
          where run_id = $1
          order by at desc, lease_seq desc, seq desc
          limit $2
        ) as newest
        order by at, lease_seq, seq";
    EVENTS_PAGE = "
        select lease_seq, seq, at, kind, message, data
        from public.run_events
        where run_id = $1
          and ($2::timestamptz is null or (at, lease_seq, seq) > ($2, $3::bigint, $4::bigint))
        order by at, lease_seq, seq
        limit $5";
    ARTIFACTS = "
        select artifact_id, run_id, step, name, kind, content_type, size_bytes, sha256, created_at
        from public.artifacts
        where run_id = $1
        order by created_at, name
        limit 1000";
    ARTIFACT = "
        select artifact_id, run_id, step, name, kind, content_type, size_bytes, sha256, created_at
        from public.artifacts
        where artifact_id = $1";
    ARTIFACT_BYTES = "select inline from public.artifacts where artifact_id = $1";
}
