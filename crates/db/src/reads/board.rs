//! The first page: numbers, the chart, and the runs of each lane.

use super::{LaneRow, Minute, RunRow, Strip, lanes::lanes, run_rows};
use crate::{PgConnection, Result, statements::statements};

/// The numbers on top of the board.
pub async fn strip(conn: &mut PgConnection) -> Result<Strip> {
    let lanes = lanes(conn).await?;
    strip_over(conn, &lanes).await
}

/// The numbers on top of the board, for a caller that has read the lanes.
pub async fn strip_over(conn: &mut PgConnection, lanes: &[LaneRow]) -> Result<Strip> {
    let strip: Strip = sqlx::query_as(STRIP).fetch_one(conn).await?;
    let oldest = lanes
        .iter()
        .filter_map(|lane| Some((lane.oldest_queued_at?, &lane.name)))
        .min();
    Ok(Strip {
        queued: lanes.iter().map(|lane| lane.queued).sum(),
        oldest_queued_at: oldest.map(|(queued_at, _)| queued_at),
        oldest_queued_lane: oldest.map(|(_, lane)| lane.clone()),
        ..strip
    })
}

/// The last `count` minutes, at most 60, oldest first; the last of them is not over yet.
pub async fn minutes(conn: &mut PgConnection, count: i32) -> Result<Vec<Minute>> {
    Ok(sqlx::query_as(MINUTES).bind(count).fetch_all(conn).await?)
}

/// What runs now, oldest claim first, then what waits for a person, a callback, a time or another run.
pub async fn running(conn: &mut PgConnection) -> Result<Vec<RunRow>> {
    Ok(sqlx::query_as(RUNNING).fetch_all(conn).await?)
}

/// What each lane runs next: due runs in the order of the claim, then waiting ones by due time.
pub async fn next_queued(conn: &mut PgConnection, per_lane: i64) -> Result<Vec<RunRow>> {
    Ok(sqlx::query_as(NEXT_QUEUED).bind(per_lane).fetch_all(conn).await?)
}

/// What ended last in each lane.
pub async fn last_finished(conn: &mut PgConnection, per_lane: i64) -> Result<Vec<RunRow>> {
    Ok(sqlx::query_as(LAST_FINISHED).bind(per_lane).fetch_all(conn).await?)
}

statements! {
    STRIP = include_str!("../../queries/reads/strip.sql");
    MINUTES = include_str!("../../queries/reads/minutes.sql");
    RUNNING = run_rows!("running.sql");
    NEXT_QUEUED = run_rows!("next_queued.sql");
    LAST_FINISHED = run_rows!("last_finished.sql");
}
