//! A run as the API shows it.

use chrono::{DateTime, Utc};
use db::reads::RunRow;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// A run as lists show it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RunView {
    /// Id known to people.
    pub run_id: String,
    /// What a person called it.
    pub title: String,
    /// Action, if one started it.
    pub action: Option<String>,
    /// Template, if it runs one.
    pub template: Option<String>,
    /// Version of the template.
    pub template_version: Option<i32>,
    /// Environment the caller named.
    pub env: String,
    /// Lane it flows in.
    pub lane: String,
    /// 0 first.
    pub priority: i32,
    /// queued, running, waiting, success, failed or canceled.
    pub status: String,
    /// Why a final run ended so.
    pub reason: Option<String>,
    /// Tries begun.
    pub attempt: i32,
    /// Failures it may have.
    pub max_attempts: i32,
    /// Tries lost with their worker.
    pub crash_count: i32,
    /// Who asked.
    pub requested_by: String,
    /// Steps it has.
    pub steps_total: i32,
    /// Steps that ended.
    pub steps_done: i32,
    /// The step that runs now.
    pub current_step: Option<String>,
    /// `{done, total, message}` of an action.
    #[schema(value_type = Option<Object>)]
    pub progress: Option<Value>,
    /// `{code, message, hint, step, trace_id}`.
    #[schema(value_type = Option<Object>)]
    pub error: Option<Value>,
    /// Worker that holds it.
    pub worker: Option<String>,
    /// Last sign of life of that worker for this run.
    pub heartbeat_at: Option<DateTime<Utc>>,
    /// When a person asked to cancel it.
    pub cancel_requested_at: Option<DateTime<Utc>>,
    /// Not before this time.
    pub run_after: Option<DateTime<Utc>>,
    /// Made.
    pub created_at: DateTime<Utc>,
    /// Queued (again).
    pub queued_at: DateTime<Utc>,
    /// First claimed.
    pub started_at: Option<DateTime<Utc>>,
    /// Ended for good.
    pub finished_at: Option<DateTime<Utc>>,
    /// Grows with every change.
    pub version: i64,
}

impl From<RunRow> for RunView {
    fn from(row: RunRow) -> Self {
        Self {
            run_id: row.run_id,
            title: row.title,
            action: row.action,
            template: row.template_slug,
            template_version: row.template_version,
            env: row.env,
            lane: row.lane,
            priority: row.priority,
            status: row.status,
            reason: row.reason,
            attempt: row.attempt,
            max_attempts: row.max_attempts,
            crash_count: row.crash_count,
            requested_by: row.requested_by,
            steps_total: row.steps_total,
            steps_done: row.steps_done,
            current_step: row.current_step,
            progress: row.progress,
            error: row.error,
            worker: row.worker_name,
            heartbeat_at: row.heartbeat_at,
            cancel_requested_at: row.cancel_requested_at,
            run_after: row.run_after,
            created_at: row.created_at,
            queued_at: row.queued_at,
            started_at: row.started_at,
            finished_at: row.finished_at,
            version: row.version,
        }
    }
}
