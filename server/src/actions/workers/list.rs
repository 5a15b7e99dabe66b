//! `GET /api/workers`: every worker of the last day.

use crate::{actions::Page, caller::Caller, error::ApiResult, http::body::Json};
use ::runs::{Services, read};
use axum::extract::State;
use chrono::{DateTime, Utc};
use db::reads::WorkerRow;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// One worker process life.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WorkerView {
    /// Id of this process life.
    worker_id: Uuid,
    /// Name.
    name: String,
    /// Host.
    host: String,
    /// Process id there.
    pid: i32,
    /// Version.
    version: String,
    /// Lanes it serves.
    lanes: Vec<String>,
    /// Step kinds it serves.
    kinds: Vec<String>,
    /// Runs it may hold.
    slots: i32,
    /// Runs it holds.
    running: i64,
    /// Began.
    started_at: DateTime<Utc>,
    /// Last sign of life.
    heartbeat_at: DateTime<Utc>,
    /// Stale after.
    expires_at: DateTime<Utc>,
    /// Takes no more work since.
    draining_at: Option<DateTime<Utc>>,
    /// Stopped in order at.
    stopped_at: Option<DateTime<Utc>>,
    /// Last claim.
    last_claim_at: Option<DateTime<Utc>>,
    /// Memory of the process (resident set) at its last heartbeat, in bytes, without what its steps started.
    memory_bytes: Option<i64>,
}

impl From<WorkerRow> for WorkerView {
    fn from(row: WorkerRow) -> Self {
        Self {
            worker_id: row.worker_id,
            name: row.name,
            host: row.host,
            pid: row.pid,
            version: row.version,
            lanes: row.lanes,
            kinds: row.kinds,
            slots: row.slots,
            running: row.running,
            started_at: row.started_at,
            heartbeat_at: row.heartbeat_at,
            expires_at: row.expires_at,
            draining_at: row.draining_at,
            stopped_at: row.stopped_at,
            last_claim_at: row.last_claim_at,
            memory_bytes: row.memory_bytes,
        }
    }
}

/// Lists the workers.
#[utoipa::path(get, path = "/api/workers", tag = "workers",
    responses((status = 200, description = "Workers of the last day.", body = Page<WorkerView>)))]
pub async fn handler(State(services): State<Services>, Caller(claims): Caller) -> ApiResult<Json<Page<WorkerView>>> {
    let mut tx = services.begin(&claims).await?;
    Ok(Json(Page::whole(read::workers(&mut tx).await?)))
}
