//! How the database is: what holds vacuum back, what waits, what grows.

use crate::{Pool, Result, statements::statements};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use sqlx::types::Json;
use std::collections::BTreeMap;

/// Numbers read from the catalogs.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Health {
    /// Whether other people's sessions are visible.
    pub sees_all: bool,
    /// `server_version_num`.
    pub version: i32,
    /// The database's clock.
    pub clock: DateTime<Utc>,
    /// The session whose transaction is open for longest.
    pub oldest: Option<OldSession>,
    /// Transactions since the oldest snapshot that is still in use.
    pub xmin_age: Option<i64>,
    /// Part of the notification queue that is full, 0 to 1.
    pub notify_usage: f64,
    /// Sessions that wait for a lock.
    pub lock_waits: i64,
    /// Sessions of the whole server.
    pub connections: i64,
    /// Sessions it takes.
    pub max_connections: i64,
    /// Replication slots.
    pub slots: Vec<Slot>,
    /// Partitions per table.
    pub partitions: BTreeMap<String, i64>,
    /// Rows in default partitions, where no day was prepared.
    pub default_rows: i64,
    /// Size of the database.
    pub database_bytes: i64,
    /// The largest tables.
    pub tables: Vec<TableHealth>,
    /// The tables of the queue.
    pub hot: Vec<TableHealth>,
}

/// A session with an open transaction.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct OldSession {
    /// Process id in Postgres.
    pub pid: i32,
    /// What it calls itself.
    pub application_name: Option<String>,
    /// What it does.
    pub state: Option<String>,
    /// Beginning of its statement.
    pub query: Option<String>,
    /// How long its transaction is open.
    pub age_seconds: f64,
}

/// A replication slot.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Slot {
    /// Its name.
    pub name: String,
    /// Whether somebody reads from it.
    pub active: bool,
    /// What Postgres keeps for it.
    pub behind_bytes: Option<i64>,
}

/// One table.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct TableHealth {
    /// Schema and name.
    pub name: String,
    /// With indexes.
    pub bytes: i64,
    /// Indexes alone.
    pub index_bytes: i64,
    /// Rows, estimated.
    pub live_rows: i64,
    /// Dead rows, estimated.
    pub dead_rows: i64,
    /// Last vacuum, of either kind.
    pub vacuumed_at: Option<DateTime<Utc>>,
}

/// Looks with all the rights of the connection's own login, in a transaction that can only read: the role
/// that the server acts as sees less of other sessions.
pub async fn read(pool: &Pool) -> Result<Health> {
    let mut tx = crate::pool::begin(pool).await?;
    sqlx::query(LOOK).execute(&mut *tx).await?;
    let Json(health) = sqlx::query_scalar::<_, Json<Health>>(HEALTH)
        .fetch_one(&mut *tx)
        .await?;
    tx.rollback().await?;
    Ok(health)
}

/// Part of the notification queue that is full, 0 to 1.
pub async fn notify_usage(conn: &mut crate::PgConnection) -> Result<f64> {
    Ok(sqlx::query_scalar(NOTIFY_USAGE).fetch_one(conn).await?)
}

/// Claims ever made, by the last number a lease got.
pub async fn claims_ever(conn: &mut crate::PgConnection) -> Result<i64> {
    Ok(sqlx::query_scalar(CLAIMS).fetch_one(conn).await?)
}

/// Ends of runs since the installation was made.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct RunTotal {
    /// Lane.
    pub lane: String,
    /// success, failed or canceled; recovered for attempts taken from a worker that vanished.
    pub what: String,
    /// How many.
    pub total: i64,
}

/// Runs that ever ended, by lane.
pub async fn run_totals(conn: &mut crate::PgConnection) -> Result<Vec<RunTotal>> {
    Ok(sqlx::query_as(RUN_TOTALS).fetch_all(conn).await?)
}

/// Counts what has ended since the last count; false when there was nothing to count yet.
pub async fn count_ended_runs(conn: &mut crate::PgConnection) -> Result<bool> {
    Ok(sqlx::query_scalar(COUNT_ENDED).fetch_one(conn).await?)
}

/// How long steps took: kind, median, 95th percentile and count, over the runs that ended last.
pub async fn step_times(conn: &mut crate::PgConnection) -> Result<Vec<(String, f64, f64, i64)>> {
    Ok(sqlx::query_as(STEP_TIMES).fetch_all(conn).await?)
}

statements! {
    LOOK = "select set_config('role', 'none', true), set_config('transaction_read_only', 'on', true), set_config('statement_timeout', '5000', true)";
    HEALTH = include_str!("../queries/health/health.sql");
    NOTIFY_USAGE = "select pg_notification_queue_usage()";
    CLAIMS = "select coalesce(pg_sequence_last_value('runboard_internal.lease_seq'::regclass), 0)";
    RUN_TOTALS = "select lane, what, total from public.run_totals()";
    COUNT_ENDED = "select public.count_ended_runs()";
    STEP_TIMES = "
        with ended as (
          select r.run_id
          from public.lanes as n
          cross join lateral (
            select e.run_id
            from runboard_internal.run_ends as e
            where e.lane = n.name
            order by e.finished_at desc
            limit 200
          ) as r
        ),
        step as (
          select s.kind, extract(epoch from s.finished_at - s.started_at)::double precision as seconds
          from ended as e
          join public.run_steps as s on s.run_id = e.run_id
          where s.finished_at is not null and s.started_at is not null
        )
        select kind, percentile_cont(0.5) within group (order by seconds), percentile_cont(0.95) within group (order by seconds), count(*)
        from step
        group by kind
        order by kind";
}
