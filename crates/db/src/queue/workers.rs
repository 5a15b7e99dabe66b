//! Worker processes: they register, show that they live, drain and leave.

use crate::{DbError, PgConnection, Result, statements::statements};
use serde::Serialize;
use serde_json::Value;
use sqlx::{FromRow, types::Json};
use uuid::Uuid;

/// What a worker says of itself when it starts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WorkerSpec {
    /// Name, for people.
    pub name: String,
    /// Host.
    pub host: String,
    /// Process id there.
    pub pid: i32,
    /// Version of the program.
    pub version: String,
    /// Lanes it serves.
    pub lanes: Vec<String>,
    /// Step kinds it serves.
    pub kinds: Vec<String>,
    /// Runs it may hold.
    pub slots: i32,
}

/// What the control plane thinks of a worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorkerState {
    /// It may claim.
    Ok,
    /// It finishes what it holds and claims no more.
    Draining,
    /// It must register again: its life was declared over.
    Unknown,
}

/// Registers a process life and answers with its id.
pub async fn register_worker(conn: &mut PgConnection, spec: &WorkerSpec) -> Result<Uuid> {
    Ok(sqlx::query_scalar(REGISTER_WORKER)
        .bind(Json(spec))
        .fetch_one(conn)
        .await?)
}

/// Shows that the worker lives, and how much memory it holds where that is known.
pub async fn heartbeat_worker(
    conn: &mut PgConnection,
    worker_id: Uuid,
    memory_bytes: Option<i64>,
) -> Result<WorkerState> {
    let word: String = sqlx::query_scalar(HEARTBEAT_WORKER)
        .bind(worker_id)
        .bind(memory_bytes)
        .fetch_one(conn)
        .await?;
    match word.as_str() {
        "ok" => Ok(WorkerState::Ok),
        "draining" => Ok(WorkerState::Draining),
        "unknown" => Ok(WorkerState::Unknown),
        _ => Err(DbError::unknown_answer("heartbeat_worker", &word)),
    }
}

/// Tells a worker to take no more runs.
pub async fn drain_worker(conn: &mut PgConnection, worker_id: Uuid) -> Result<()> {
    sqlx::query(DRAIN_WORKER).bind(worker_id).execute(conn).await?;
    Ok(())
}

/// Ends a process life in order.
pub async fn deregister_worker(conn: &mut PgConnection, worker_id: Uuid) -> Result<()> {
    sqlx::query(DEREGISTER_WORKER).bind(worker_id).execute(conn).await?;
    Ok(())
}

/// A lease that the caller may write about.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct HeldLease {
    /// The run.
    pub run_id: String,
    /// Lease it is held under.
    pub lease_seq: i64,
    /// Template of the run; `None` when it names no secret.
    pub definition: Option<Value>,
}

/// Of these runs, those that workers of the caller hold now.
pub async fn held_leases(conn: &mut PgConnection, run_ids: &[String]) -> Result<Vec<HeldLease>> {
    Ok(sqlx::query_as(HELD_LEASES).bind(run_ids).fetch_all(conn).await?)
}

/// Lanes a worker serves; `None` when there is no such worker.
pub async fn worker_lanes(conn: &mut PgConnection, worker_id: Uuid) -> Result<Option<Vec<String>>> {
    Ok(sqlx::query_scalar(WORKER_LANES)
        .bind(worker_id)
        .fetch_optional(conn)
        .await?)
}

statements! {
    HELD_LEASES = "select run_id, lease_seq, definition from runboard_internal.held_leases($1)";
    WORKER_LANES = "select lanes from public.workers where worker_id = $1";
    REGISTER_WORKER = "select public.register_worker($1::jsonb)";
    HEARTBEAT_WORKER = "select public.heartbeat_worker($1, $2)";
    DRAIN_WORKER = "select public.drain_worker($1)";
    DEREGISTER_WORKER = "select public.deregister_worker($1)";
}
