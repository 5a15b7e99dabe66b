//! A run as boards and lists show it.

use super::json::from_json;
use domain::RunStatus;
use serde::{Deserialize, Serialize};

/// A run; newer versions of the same id replace older ones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunView {
    /// Id known to people.
    pub id: String,
    /// What a person called it.
    pub title: String,
    /// Action name, if an action started it.
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
    /// Stored state; what people see is derived from it, the heartbeat and the due time.
    pub status: RunStatus,
    /// Why a final run ended so.
    pub reason: Option<String>,
    /// Tries begun so far.
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
    /// Title of the step that runs now.
    pub current_step: Option<String>,
    /// Progress inside an action.
    pub progress: Option<ProgressView>,
    /// Why it failed.
    pub error: Option<ErrorView>,
    /// Worker that holds it.
    pub worker: Option<String>,
    /// Last sign of life for this run.
    pub heartbeat_at: Option<i64>,
    /// When its lease ends unless renewed.
    pub expires_at: Option<i64>,
    /// When a person asked to cancel it.
    pub cancel_requested_at: Option<i64>,
    /// Not before this time.
    pub run_after: Option<i64>,
    /// Made.
    pub created_at: i64,
    /// Queued (again).
    pub queued_at: i64,
    /// First claimed.
    pub started_at: Option<i64>,
    /// Ended for good.
    pub finished_at: Option<i64>,
    /// Grows with every change.
    pub version: i64,
}

from_json!(RunView {
    id,
    title,
    action,
    template,
    template_version,
    env,
    lane,
    priority,
    status,
    reason,
    attempt,
    max_attempts,
    crash_count,
    requested_by,
    steps_total,
    steps_done,
    current_step,
    progress,
    error,
    worker,
    heartbeat_at,
    expires_at,
    cancel_requested_at,
    run_after,
    created_at,
    queued_at,
    started_at,
    finished_at,
    version
});

/// How far an action is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProgressView {
    /// Parts done.
    #[serde(default)]
    pub done: i64,
    /// Parts in all.
    #[serde(default)]
    pub total: i64,
    /// What is being done.
    #[serde(default)]
    pub message: Option<String>,
}

from_json!(ProgressView { done, total, message });

/// Why something failed, for a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorView {
    /// Stable word.
    #[serde(default)]
    pub code: String,
    /// What happened.
    #[serde(default)]
    pub message: String,
    /// What to do.
    #[serde(default)]
    pub hint: Option<String>,
    /// Step it happened in.
    #[serde(default)]
    pub step: Option<String>,
}

from_json!(ErrorView {
    code,
    message,
    hint,
    step
});
