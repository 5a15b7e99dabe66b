//! Lanes with their load, and the workers that serve them.

use super::{LaneRow, WorkerRow};
use crate::{PgConnection, Result, statements::statements};

/// Lanes in the order of the board.
pub async fn lanes(conn: &mut PgConnection) -> Result<Vec<LaneRow>> {
    Ok(sqlx::query_as(LANES).fetch_all(conn).await?)
}

/// Process lives of the last 24 hours, those that live first.
pub async fn workers(conn: &mut PgConnection) -> Result<Vec<WorkerRow>> {
    Ok(sqlx::query_as(WORKERS).fetch_all(conn).await?)
}

statements! {
    LANES = include_str!("../../queries/reads/lanes.sql");
    WORKERS = include_str!("../../queries/reads/workers.sql");
}
