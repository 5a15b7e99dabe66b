//! A bulk operation as the API shows it.

use ::runs::bulk::BulkRow;
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

/// One verb for many runs. done + skipped + failed = count, as soon as it has ended.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BulkView {
    /// Id.
    bulk_id: Uuid,
    /// cancel, retry or rerun.
    verb: String,
    /// What was asked for; what counts is the frozen list.
    #[schema(value_type = Option<Object>)]
    filter: Option<Value>,
    /// What a rerun changes.
    #[schema(value_type = Object)]
    changes: Value,
    /// Why.
    note: Option<String>,
    /// queued, running, success, failed or canceled.
    status: String,
    /// Runs that were frozen.
    count: i32,
    /// Runs it was done to.
    done_count: i32,
    /// Runs that needed nothing.
    skipped_count: i32,
    /// Runs that refused.
    failed_count: i32,
    /// The run that works through the list; canceling it stops the operation.
    run_id: Option<String>,
    /// Who asked, and in whose name each item is done.
    requested_by: String,
    /// Why items failed: `[{code, message, count}]`.
    #[schema(value_type = Vec<Object>)]
    errors: Value,
    /// Asked.
    created_at: DateTime<Utc>,
    /// Begun.
    started_at: Option<DateTime<Utc>>,
    /// Ended.
    finished_at: Option<DateTime<Utc>>,
}

impl From<BulkRow> for BulkView {
    fn from(row: BulkRow) -> Self {
        Self {
            bulk_id: row.bulk_id,
            verb: row.verb,
            filter: row.filter,
            changes: row.changes,
            note: row.note,
            status: row.status,
            count: row.preview_count,
            done_count: row.done_count,
            skipped_count: row.skipped_count,
            failed_count: row.failed_count,
            run_id: row.run_id,
            requested_by: row.requested_by,
            errors: row.errors,
            created_at: row.created_at,
            started_at: row.started_at,
            finished_at: row.finished_at,
        }
    }
}
