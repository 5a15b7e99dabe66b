//! The log of a run: its tail, a range, a search, and what is newer than a chunk.

use super::{LogChunk, LogMatch};
use crate::{PgConnection, Result, statements::statements};

/// The chunks that hold the last `lines` lines; the first of them may begin earlier.
pub async fn log_tail(conn: &mut PgConnection, run_id: &str, lines: i64) -> Result<Vec<LogChunk>> {
    Ok(sqlx::query_as(LOG_TAIL)
        .bind(run_id)
        .bind(lines)
        .fetch_all(conn)
        .await?)
}

/// The chunks that hold `lines` lines from `from_line` on; the first and last may hold more.
pub async fn log_range(conn: &mut PgConnection, run_id: &str, from_line: i64, lines: i64) -> Result<Vec<LogChunk>> {
    Ok(sqlx::query_as(LOG_RANGE)
        .bind(run_id)
        .bind(from_line)
        .bind(lines)
        .fetch_all(conn)
        .await?)
}

/// Up to `limit` lines from `from_line` on that contain `query`, letter case and colours aside.
pub async fn log_search(
    conn: &mut PgConnection,
    run_id: &str,
    query: &str,
    from_line: i64,
    limit: i64,
) -> Result<Vec<LogMatch>> {
    let matches = sqlx::query_as(LOG_SEARCH)
        .bind(run_id)
        .bind(query)
        .bind(from_line)
        .bind(limit)
        .fetch_all(conn)
        .await?;
    Ok(matches)
}

/// Which chunks may hold lines that are asked for. All of it is a hint: lines are judged by the reader.
#[derive(Debug, Clone, Default)]
pub struct LogHint {
    /// Only of this step.
    pub step: Option<String>,
    /// `like` patterns, in lower case, one of which a chunk fits unless something came over the error stream.
    pub signs: Option<Vec<String>>,
    /// A text in it, letter case and colours aside.
    pub text: Option<String>,
}

/// Up to `limit` chunks between two lines that fit `hint`, in order, or backwards from the last of them.
pub async fn log_pick(
    conn: &mut PgConnection,
    run_id: &str,
    hint: &LogHint,
    (from, to): (i64, i64),
    is_backwards: bool,
    limit: i64,
) -> Result<Vec<LogChunk>> {
    Ok(sqlx::query_as(if is_backwards { LOG_PICK_BACK } else { LOG_PICK })
        .bind(run_id)
        .bind(from)
        .bind(to)
        .bind(&hint.step)
        .bind(&hint.signs)
        .bind(&hint.text)
        .bind(limit)
        .fetch_all(conn)
        .await?)
}

/// Chunks newer than the one named, oldest first, at most 500; `0, 0` asks from the beginning.
pub async fn log_after(conn: &mut PgConnection, run_id: &str, lease_seq: i64, seq: i32) -> Result<Vec<LogChunk>> {
    Ok(sqlx::query_as(LOG_AFTER)
        .bind(run_id)
        .bind(lease_seq)
        .bind(seq)
        .fetch_all(conn)
        .await?)
}

statements! {
    LOG_TAIL = include_str!("../../queries/reads/log_tail.sql");
    LOG_RANGE = include_str!("../../queries/reads/log_range.sql");
    LOG_PICK = concat!(include_str!("../../queries/reads/log_pick.sql"), "order by c.first_line limit $7");
    LOG_PICK_BACK = concat!(include_str!("../../queries/reads/log_pick.sql"), "order by c.first_line desc limit $7");
    LOG_SEARCH = include_str!("../../queries/reads/log_search.sql");
    /// A lease has one writer, so its numbers have no holes that fill later.
    LOG_AFTER = "
        select lease_seq, seq, step, first_line, line_count, at, lines, offsets_ms, streams
        from public.run_log_chunks
        where run_id = $1 and (lease_seq, seq) > ($2, $3)
        order by lease_seq, seq
        limit 500";
}
