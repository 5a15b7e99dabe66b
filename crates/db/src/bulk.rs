//! Bulk operations: one verb for many runs, and what became of each.

use crate::{PgConnection, Result, statements::statements};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;
use sqlx::{FromRow, types::Json};
use uuid::Uuid;

/// One operation.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct BulkRow {
    /// Id.
    pub bulk_id: Uuid,
    /// cancel, retry or rerun.
    pub verb: String,
    /// What was asked for, for people.
    pub filter: Option<Value>,
    /// What a rerun changes.
    pub changes: Value,
    /// Why, in the words of who asked.
    pub note: Option<String>,
    /// queued, running, success, failed or canceled.
    pub status: String,
    /// Runs that were frozen.
    pub preview_count: i32,
    /// Runs it was done to.
    pub done_count: i32,
    /// Runs that needed nothing.
    pub skipped_count: i32,
    /// Runs that refused.
    pub failed_count: i32,
    /// The run that works through the list.
    pub run_id: Option<String>,
    /// Who asked.
    pub requested_by: String,
    /// Why items failed: `[{code, message, count}]`.
    pub errors: Value,
    /// Asked.
    pub created_at: DateTime<Utc>,
    /// Begun.
    pub started_at: Option<DateTime<Utc>>,
    /// Ended.
    pub finished_at: Option<DateTime<Utc>>,
}

/// What became of one run of the list.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct ItemRow {
    /// Place in the list, from 1.
    pub place: i32,
    /// The run.
    pub run_id: String,
    /// done, skipped or failed; `None`: not yet.
    pub outcome: Option<String>,
    /// The run that was started again from it.
    pub new_run_id: Option<String>,
    /// Why it was skipped or failed.
    pub code: Option<String>,
    /// The same in words.
    pub message: Option<String>,
    /// When.
    pub done_at: Option<DateTime<Utc>>,
}

/// A new operation.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Created {
    /// Its id.
    pub bulk_id: Uuid,
    /// The run that works through it.
    pub run_id: String,
    /// Runs that were frozen.
    pub count: i64,
    /// It was made by this request, not by an earlier one with the same key.
    pub created: bool,
}

/// How far an operation has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Applied {
    /// The operation.
    pub bulk_id: Uuid,
    /// Runs that were frozen.
    pub total: i64,
    /// Runs it was done to.
    pub done: i64,
    /// Runs that needed nothing.
    pub skipped: i64,
    /// Runs that refused.
    pub failed: i64,
    /// Runs still to come.
    pub left: i64,
}

/// Freezes a list of runs and enqueues the run that works through it.
pub async fn create(conn: &mut PgConnection, spec: &Value) -> Result<Created> {
    let Json(created) = sqlx::query_scalar::<_, Json<Created>>(CREATE)
        .bind(Json(spec))
        .fetch_one(conn)
        .await?;
    Ok(created)
}

/// Does the next items of the operation that this held run works through.
pub async fn apply(conn: &mut PgConnection, run_id: &str, lease_seq: i64, most: i32) -> Result<Applied> {
    let Json(applied) = sqlx::query_scalar::<_, Json<Applied>>(APPLY)
        .bind(run_id)
        .bind(lease_seq)
        .bind(most)
        .fetch_one(conn)
        .await?;
    Ok(applied)
}

/// Ends operations whose run has ended; answers how many.
pub async fn settle(conn: &mut PgConnection) -> Result<i32> {
    Ok(sqlx::query_scalar(SETTLE).fetch_one(conn).await?)
}

/// Operations, newest first, those made before `before`.
pub async fn list(conn: &mut PgConnection, before: Option<(DateTime<Utc>, Uuid)>, limit: i64) -> Result<Vec<BulkRow>> {
    Ok(sqlx::query_as(LIST)
        .persistent(false)
        .bind(before.map(|(at, _)| at))
        .bind(before.map(|(_, id)| id))
        .bind(limit)
        .fetch_all(conn)
        .await?)
}

/// One operation.
pub async fn read(conn: &mut PgConnection, bulk_id: Uuid) -> Result<Option<BulkRow>> {
    Ok(sqlx::query_as(READ).bind(bulk_id).fetch_optional(conn).await?)
}

/// What became of the runs of the list, after a place; only those of one outcome, if one is named.
pub async fn items(
    conn: &mut PgConnection,
    bulk_id: Uuid,
    outcome: Option<&str>,
    after: i32,
    limit: i64,
) -> Result<Vec<ItemRow>> {
    Ok(sqlx::query_as(ITEMS)
        .persistent(false)
        .bind(bulk_id)
        .bind(outcome)
        .bind(after)
        .bind(limit)
        .fetch_all(conn)
        .await?)
}

statements! {
    CREATE = "select public.create_bulk($1)";
    APPLY = "select public.apply_bulk($1, $2, $3)";
    SETTLE = "select public.settle_bulks()";
    LIST = "
        select bulk_id, verb, filter, changes, note, status, preview_count, done_count, skipped_count, failed_count, run_id,
          requested_by ->> 'actor' as requested_by, errors, created_at, started_at, finished_at
        from public.bulk_operations
        where $1::timestamptz is null or (created_at, bulk_id) < ($1, $2::uuid)
        order by created_at desc, bulk_id desc
        limit $3";
    READ = "
        select bulk_id, verb, filter, changes, note, status, preview_count, done_count, skipped_count, failed_count, run_id,
          requested_by ->> 'actor' as requested_by, errors, created_at, started_at, finished_at
        from public.bulk_operations
        where bulk_id = $1";
    ITEMS = "
        select place, run_id, outcome, new_run_id, code, message, done_at
        from runboard_internal.bulk_items
        where bulk_id = $1
          and ($2::text is null or coalesce(outcome, 'pending') = $2)
          and place > $3
        order by place
        limit $4";
}
