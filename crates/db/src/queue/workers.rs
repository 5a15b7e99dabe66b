//! Worker processes: they register, show that they live, drain and leave.

use crate::{DbError, PgConnection, Result, statements::statements};
use serde::Serialize;
use sqlx::types::Json;
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

/// Shows that the worker lives.
pub async fn heartbeat_worker(conn: &mut PgConnection, worker_id: Uuid) -> Result<WorkerState> {
    let word: String = sqlx::query_scalar(HEARTBEAT_WORKER)
        .bind(worker_id)
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

statements! {
    REGISTER_WORKER = "select public.register_worker($1::jsonb)";
    HEARTBEAT_WORKER = "select public.heartbeat_worker($1)";
    DRAIN_WORKER = "select public.drain_worker($1)";
    DEREGISTER_WORKER = "select public.deregister_worker($1)";
}
