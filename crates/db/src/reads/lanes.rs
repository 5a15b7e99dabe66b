//! Lanes with their load, and the workers that serve them.

use super::{LaneRow, WorkerRow};
use crate::{PgConnection, Result, statements::statements};
use uuid::Uuid;

/// Lanes in the order of the board.
pub async fn lanes(conn: &mut PgConnection) -> Result<Vec<LaneRow>> {
    Ok(sqlx::query_as(LANES).fetch_all(conn).await?)
}

/// Process lives of the last 24 hours, those that live first.
pub async fn workers(conn: &mut PgConnection) -> Result<Vec<WorkerRow>> {
    Ok(sqlx::query_as(WORKERS).fetch_all(conn).await?)
}

/// Runs that failed in the last hour, by the worker that had each last.
pub async fn worker_failures(conn: &mut PgConnection) -> Result<Vec<(Uuid, i64)>> {
    Ok(sqlx::query_as(WORKER_FAILURES).fetch_all(conn).await?)
}

statements! {
    WORKER_FAILURES = include_str!("../../queries/reads/worker_failures.sql");
    LANES = include_str!("../../queries/reads/lanes.sql");
    WORKERS = include_str!("../../queries/reads/workers.sql");
}
