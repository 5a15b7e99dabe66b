//! What readers get: one struct per thing a page or an API answer shows.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::FromRow;
use uuid::Uuid;

/// A run as boards and lists show it. `version` grows with every change that shows here.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct RunRow {
    /// Id known to people.
    pub run_id: String,
    /// What a person called it.
    pub title: String,
    /// Action name, if an action started it.
    pub action: Option<String>,
    /// Template, if it runs one.
    pub template_slug: Option<String>,
    /// Version of the template.
    pub template_version: Option<i32>,
    /// Environment the caller named.
    pub env: String,
    /// Lane it flows in.
    pub lane: String,
    /// 0 first.
    pub priority: i32,
    /// A word of `domain::RunStatus`.
    pub status: String,
    /// Why a final run ended so.
    pub reason: Option<String>,
    /// Tries begun so far.
    pub attempt: i32,
    /// Failures it may have.
    pub max_attempts: i32,
    /// Tries lost with their worker.
    pub crash_count: i32,
    /// Who asked, as the person reads it (`requested_by.actor`).
    pub requested_by: String,
    /// Steps it has.
    pub steps_total: i32,
    /// Steps that ended, over all attempts.
    pub steps_done: i32,
    /// Title of the step that runs now; what a waiting run asks.
    pub current_step: Option<String>,
    /// `{done, total, message}` of an action.
    pub progress: Option<Value>,
    /// `{code, message, hint, step, trace_id}`.
    pub error: Option<Value>,
    /// Name of the worker that holds it.
    pub worker_name: Option<String>,
    /// Last sign of life of that worker for this run.
    pub heartbeat_at: Option<DateTime<Utc>>,
    /// When its lease ends unless renewed.
    pub expires_at: Option<DateTime<Utc>>,
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

/// What a run was asked to do and what came of it, beside its [`RunRow`].
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct RunBody {
    /// Parameters of the template.
    pub params: Value,
    /// Scope of the action.
    pub scope: Option<Value>,
    /// Spreadsheet and tab of the click.
    pub sheet_context: Option<Value>,
    /// Options of the action.
    pub options: Value,
    /// The whole record of who asked.
    pub requested_by: Value,
    /// Outcome; null until the run is final.
    pub result: Option<Value>,
    /// The run this one repeats.
    pub parent_run_id: Option<String>,
    /// Key of the click.
    pub idempotency_key: Option<String>,
    /// Runs with one key run one after the other.
    pub concurrency_key: Option<String>,
    /// Longest time one attempt may take.
    pub timeout_seconds: Option<i32>,
    /// Lines logged so far, over all attempts.
    pub log_line_count: i64,
}

/// One try of a run, ended or going on.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct AttemptRow {
    /// Number, from 1.
    pub attempt: i32,
    /// Lease it held.
    pub lease_seq: i64,
    /// Worker that held it.
    pub worker_name: String,
    /// Claimed.
    pub claimed_at: DateTime<Utc>,
    /// Ended; `None` while it goes on.
    pub ended_at: Option<DateTime<Utc>>,
    /// success, failed, canceled, retried, lost, timeout, released; `running` while it goes on.
    pub outcome: String,
    /// Why it ended badly.
    pub error: Option<Value>,
}

/// One step in one attempt.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct StepRow {
    /// Id in the template.
    pub step: String,
    /// Lease it ran under.
    pub lease_seq: i64,
    /// Attempt it belongs to.
    pub attempt: i32,
    /// Place in the template, from 0.
    pub position: i32,
    /// What people call it.
    pub title: String,
    /// Step kind.
    pub kind: String,
    /// A word of `domain::StepStatus`.
    pub status: String,
    /// Try inside the attempt, from 1.
    #[sqlx(rename = "try")]
    pub try_number: i32,
    /// Began.
    pub started_at: Option<DateTime<Utc>>,
    /// Ended.
    pub finished_at: Option<DateTime<Utc>>,
    /// What later steps may read.
    pub output: Option<Value>,
    /// Why it failed.
    pub error: Option<Value>,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct EventRow {
    /// Lease it was written under; 0 for the control plane and people.
    pub lease_seq: i64,
    /// Number inside the lease.
    pub seq: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// Stable word.
    pub kind: String,
    /// Sentence for people.
    pub message: String,
    /// Details.
    pub data: Option<Value>,
}

/// Lines a step printed.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct LogChunk {
    /// Lease it was written under.
    pub lease_seq: i64,
    /// Number inside the lease.
    pub seq: i32,
    /// Step that printed it.
    pub step: String,
    /// Number of its first line in the run, from 1.
    pub first_line: i64,
    /// Lines in it.
    pub line_count: i32,
    /// When the first line was printed.
    pub at: DateTime<Utc>,
    /// The lines, newline-separated, with ANSI codes as printed.
    pub lines: String,
    /// Per line, milliseconds after `at`.
    pub offsets_ms: Option<Vec<i32>>,
    /// Per line: o, e or s.
    pub streams: Option<String>,
}

/// A line that a search found.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct LogMatch {
    /// Its number in the run, from 1.
    pub line: i64,
    /// Step that printed it.
    pub step: String,
    /// Its text without ANSI codes, at most 2000 characters.
    pub text: String,
}

/// Something a step left behind, without its bytes.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct ArtifactRow {
    /// Id in addresses.
    pub artifact_id: Uuid,
    /// Run it belongs to.
    pub run_id: String,
    /// Step that left it.
    pub step: Option<String>,
    /// File name.
    pub name: String,
    /// text, markdown, json, diff, image, file, link, zip, report.
    pub kind: String,
    /// Media type.
    pub content_type: String,
    /// Bytes.
    pub size_bytes: i64,
    /// Checksum, hex.
    pub sha256: String,
    /// Made.
    pub created_at: DateTime<Utc>,
}

/// A lane with its present load.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct LaneRow {
    /// Name.
    pub name: String,
    /// One word.
    pub title: String,
    /// What it is for.
    pub purpose: String,
    /// Order on the board.
    pub position: i32,
    /// Limit, if any.
    pub max_running: Option<i32>,
    /// Runs with one concurrency key that may run at once.
    pub max_per_key: i32,
    /// Claims per `rate_seconds`, if limited.
    pub rate_limit: Option<i32>,
    /// The time that `rate_limit` is about.
    pub rate_seconds: Option<i32>,
    /// Seconds of waiting for one point of priority, if any.
    pub aging_seconds: Option<i32>,
    /// Grows with every edit.
    pub version: i64,
    /// Paused since.
    pub paused_at: Option<DateTime<Utc>>,
    /// By whom.
    pub paused_by: Option<String>,
    /// Why.
    pub pause_reason: Option<String>,
    /// Running now, and waiting for a person or an answer.
    pub running: i64,
    /// Due and queued.
    pub queued: i64,
    /// Queued for later.
    pub deferred: i64,
    /// When the oldest due run was queued.
    pub oldest_queued_at: Option<DateTime<Utc>>,
}

/// A worker process.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct WorkerRow {
    /// Id of this process life.
    pub worker_id: Uuid,
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
    pub started_at: DateTime<Utc>,
    /// Last sign of life.
    pub heartbeat_at: DateTime<Utc>,
    /// Stale after.
    pub expires_at: DateTime<Utc>,
    /// Takes no more work since.
    pub draining_at: Option<DateTime<Utc>>,
    /// Stopped in order at.
    pub stopped_at: Option<DateTime<Utc>>,
    /// Last claim.
    pub last_claim_at: Option<DateTime<Utc>>,
    /// Memory of the process at its last heartbeat, where it said so.
    pub memory_bytes: Option<i64>,
}

/// The numbers on top of the board.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Strip {
    /// Workers with a fresh heartbeat.
    pub workers_fresh: i64,
    /// Workers silent too long that have not stopped in order.
    pub workers_stale: i64,
    /// Slots of the fresh ones that take work.
    pub slots: i64,
    /// Running now, and waiting for a person or an answer.
    pub running: i64,
    /// Due and queued.
    #[sqlx(default)]
    pub queued: i64,
    /// When the oldest due run was queued.
    #[sqlx(default)]
    pub oldest_queued_at: Option<DateTime<Utc>>,
    /// Its lane.
    #[sqlx(default)]
    pub oldest_queued_lane: Option<String>,
    /// Failed for good in the last 24 hours.
    pub failed_24h: i64,
    /// Ended in the last 24 hours.
    pub finished_24h: i64,
    /// Running with an expired lease.
    pub stuck: i64,
    /// Attempts recovered from a lost worker in the last 24 hours.
    pub recovered_24h: i64,
}

/// One minute of the chart.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Minute {
    /// Its beginning.
    pub minute: DateTime<Utc>,
    /// Ended well or canceled.
    pub finished: i64,
    /// Failed for good.
    pub failed: i64,
    /// Queued and not yet started at its end.
    pub queue_depth: i64,
}

/// A template in a list.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct TemplateRow {
    /// Name in addresses.
    pub slug: String,
    /// What people call it.
    pub title: String,
    /// What it is for.
    pub description: String,
    /// Its lane.
    pub lane: String,
    /// Newest version.
    pub latest_version: i32,
    /// Last saved.
    pub updated_at: DateTime<Utc>,
}

/// A run in the list of templates.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct TemplateRun {
    /// The template.
    pub slug: String,
    /// The run.
    pub run_id: String,
    /// Its status.
    pub status: String,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
}

/// A version of a template in the list of its versions.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct VersionRow {
    /// Number, from 1.
    pub version: i32,
    /// Saved by.
    pub created_by: Option<String>,
    /// Saved at.
    pub created_at: DateTime<Utc>,
}

/// One version of a template.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct TemplateVersion {
    /// Name.
    pub slug: String,
    /// Number, from 1.
    pub version: i32,
    /// Normalized definition (`domain::Template`).
    pub definition: Value,
    /// As a person wrote it.
    pub source: String,
    /// Saved by.
    pub created_by: Option<String>,
    /// Saved at.
    pub created_at: DateTime<Utc>,
}
