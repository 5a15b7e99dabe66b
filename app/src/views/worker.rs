//! A worker process.

use super::json::from_json;
use serde::{Deserialize, Serialize};

/// One worker process life.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkerView {
    /// Id of this process life.
    pub id: String,
    /// Name.
    pub name: String,
    /// Host.
    pub host: String,
    /// Process id there.
    pub pid: i32,
    /// Version.
    pub version: String,
    /// Lanes it serves.
    pub lanes: Vec<String>,
    /// Step kinds it serves.
    pub kinds: Vec<String>,
    /// Runs it may hold.
    pub slots: i32,
    /// Runs it holds.
    pub running: i64,
    /// Began.
    pub started_at: i64,
    /// Last sign of life.
    pub heartbeat_at: i64,
    /// Stale after.
    pub expires_at: i64,
    /// Takes no more work since.
    pub draining_at: Option<i64>,
    /// Stopped in order at.
    pub stopped_at: Option<i64>,
    /// Last claim.
    pub last_claim_at: Option<i64>,
}

from_json!(WorkerView {
    id,
    name,
    host,
    pid,
    version,
    lanes,
    kinds,
    slots,
    running,
    started_at,
    heartbeat_at,
    expires_at,
    draining_at,
    stopped_at,
    last_claim_at
});
