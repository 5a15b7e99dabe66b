//! Schedules: what starts by itself, and what became of each of its times.

use crate::{DbError, PgConnection, Result, queue::Enqueued, statements::statements};
use chrono::{DateTime, NaiveTime, Utc};
use serde::Deserialize;
use serde_json::Value;
use sqlx::{FromRow, types::Json};
use uuid::Uuid;

/// What both reads select.
macro_rules! columns {
    () => {
        "select schedule_id, name, template_slug, action, params, options, scope, cron, zone, enabled, lane, priority,
          catch_up, daily_cap, quiet_from, quiet_to, built_in, next_at, problem, last_at, last_run_id, last_outcome,
          last_message, version, created_by, updated_by, created_at, updated_at
        from public.schedules"
    };
}

/// A schedule.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct ScheduleRow {
    /// Id.
    pub schedule_id: Uuid,
    /// What people call it.
    pub name: String,
    /// Template it starts, by slug.
    pub template_slug: Option<String>,
    /// Action it starts.
    pub action: Option<String>,
    /// Parameters of the template.
    pub params: Value,
    /// Options of the action.
    pub options: Value,
    /// What the action works on.
    pub scope: Option<Value>,
    /// Five fields.
    pub cron: String,
    /// IANA name.
    pub zone: String,
    /// Whether it starts anything.
    pub enabled: bool,
    /// Lane; `None` means the lane of the template or action.
    pub lane: Option<String>,
    /// 0 first.
    pub priority: Option<i32>,
    /// none, one or all.
    pub catch_up: String,
    /// Runs it may start in a day of its zone.
    pub daily_cap: Option<i32>,
    /// Quiet from this time of day.
    pub quiet_from: Option<NaiveTime>,
    /// Until this one.
    pub quiet_to: Option<NaiveTime>,
    /// Comes with Runboard.
    pub built_in: bool,
    /// When it is due.
    pub next_at: Option<DateTime<Utc>>,
    /// Why no next time could be worked out.
    pub problem: Option<String>,
    /// When a server last dealt with it.
    pub last_at: Option<DateTime<Utc>>,
    /// The run it started last.
    pub last_run_id: Option<String>,
    /// fired, skipped or missed.
    pub last_outcome: Option<String>,
    /// Why it was skipped.
    pub last_message: Option<String>,
    /// Grows with every change by a person.
    pub version: i64,
    /// Made by.
    pub created_by: String,
    /// Last changed by.
    pub updated_by: String,
    /// Made.
    pub created_at: DateTime<Utc>,
    /// Last changed.
    pub updated_at: DateTime<Utc>,
}

/// What became of one time of a schedule.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct TickRow {
    /// Grows.
    pub tick_id: i64,
    /// The time the cron named.
    pub tick_at: DateTime<Utc>,
    /// When a server dealt with it.
    pub at: DateTime<Utc>,
    /// fired, skipped or missed.
    pub outcome: String,
    /// The run it started.
    pub run_id: Option<String>,
    /// What held it back.
    pub code: Option<String>,
    /// The same in words.
    pub message: Option<String>,
    /// Times of the cron this row stands for.
    pub missed_count: Option<i32>,
}

/// A schedule that a server has to deal with now, by the clock of the database.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct DueRow {
    /// Id.
    pub schedule_id: Uuid,
    /// Version that was read.
    pub version: i64,
    /// Five fields.
    pub cron: String,
    /// IANA name.
    pub zone: String,
    /// none, one or all.
    pub catch_up: String,
    /// When it was due; `None`: that is to be worked out.
    pub next_at: Option<DateTime<Utc>>,
    /// The time of the database.
    pub now: DateTime<Utc>,
}

/// A saved schedule.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct SavedSchedule {
    /// Id.
    pub schedule_id: Uuid,
    /// Its version.
    pub version: i64,
    /// When it is due.
    pub next_at: Option<DateTime<Utc>>,
}

/// What a schedule that was due came to.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Fired {
    /// fired, skipped, missed, or moved: another server was quicker.
    pub outcome: Option<String>,
    /// What held it back.
    pub code: Option<String>,
    /// The same in words.
    pub message: Option<String>,
    /// The runs it started.
    pub run_ids: Vec<String>,
}

/// What is done about a schedule that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Firing {
    /// The times to start.
    pub fires: Vec<DateTime<Utc>>,
    /// Times before them that nobody starts any more.
    pub missed: i32,
    /// The time after all of them.
    pub next_at: Option<DateTime<Utc>>,
}

/// Makes a schedule, or changes the one that `schedule_id` names.
pub async fn save(conn: &mut PgConnection, spec: &Value) -> Result<SavedSchedule> {
    let Json(saved) = sqlx::query_scalar::<_, Json<SavedSchedule>>(SAVE)
        .bind(Json(spec))
        .fetch_one(conn)
        .await?;
    Ok(saved)
}

/// Forgets a schedule.
pub async fn delete(conn: &mut PgConnection, schedule_id: Uuid) -> Result<()> {
    sqlx::query(DELETE).bind(schedule_id).execute(conn).await?;
    Ok(())
}

/// Lets a schedule start nothing until it is resumed.
pub async fn pause(conn: &mut PgConnection, schedule_id: Uuid) -> Result<()> {
    sqlx::query(PAUSE).bind(schedule_id).execute(conn).await?;
    Ok(())
}

/// Lets a paused schedule start runs again.
pub async fn resume(conn: &mut PgConnection, schedule_id: Uuid) -> Result<()> {
    sqlx::query(RESUME).bind(schedule_id).execute(conn).await?;
    Ok(())
}

/// Starts at once what the schedule would start.
pub async fn run_now(conn: &mut PgConnection, schedule_id: Uuid) -> Result<Enqueued> {
    let Json(enqueued) = sqlx::query_scalar::<_, Json<Enqueued>>(RUN_NOW)
        .bind(schedule_id)
        .fetch_one(conn)
        .await?;
    Ok(enqueued)
}

/// Deals with a schedule that was due at `expected`, unless somebody did before.
pub async fn fire(
    conn: &mut PgConnection,
    schedule_id: Uuid,
    expected: DateTime<Utc>,
    firing: &Firing,
) -> Result<Fired> {
    let Json(fired) = sqlx::query_scalar::<_, Json<Fired>>(FIRE)
        .bind(schedule_id)
        .bind(expected)
        .bind(firing.next_at)
        .bind(&firing.fires)
        .bind(firing.missed)
        .fetch_one(conn)
        .await?;
    Ok(fired)
}

/// Notes when a schedule is due, or why that cannot be worked out; false when it was changed meanwhile.
pub async fn plan(
    conn: &mut PgConnection,
    schedule_id: Uuid,
    version: i64,
    next_at: Option<DateTime<Utc>>,
    problem: Option<&str>,
) -> Result<bool> {
    Ok(sqlx::query_scalar(PLAN)
        .bind(schedule_id)
        .bind(version)
        .bind(next_at)
        .bind(problem)
        .fetch_one(conn)
        .await?)
}

/// Schedules that are due or have no next time yet, the longest due first.
pub async fn due(conn: &mut PgConnection, limit: i64) -> Result<Vec<DueRow>> {
    Ok(sqlx::query_as(DUE).bind(limit).fetch_all(conn).await?)
}

/// Every schedule, by name.
pub async fn list(conn: &mut PgConnection) -> Result<Vec<ScheduleRow>> {
    Ok(sqlx::query_as(LIST).fetch_all(conn).await?)
}

/// One schedule.
pub async fn read(conn: &mut PgConnection, schedule_id: Uuid) -> Result<Option<ScheduleRow>> {
    Ok(sqlx::query_as(READ).bind(schedule_id).fetch_optional(conn).await?)
}

/// What became of its last times, newest first.
pub async fn ticks(conn: &mut PgConnection, schedule_id: Uuid, limit: i64) -> Result<Vec<TickRow>> {
    Ok(sqlx::query_as(TICKS)
        .bind(schedule_id)
        .bind(limit)
        .fetch_all(conn)
        .await?)
}

/// The time by which schedules are due: the database's.
pub async fn now(conn: &mut PgConnection) -> Result<DateTime<Utc>> {
    sqlx::query_scalar(NOW).fetch_one(conn).await.map_err(DbError::from)
}

statements! {
    SAVE = "select public.save_schedule($1)";
    DELETE = "select public.delete_schedule($1)";
    PAUSE = "select public.pause_schedule($1)";
    RESUME = "select public.resume_schedule($1)";
    RUN_NOW = "select public.run_schedule($1)";
    FIRE = "select public.fire_schedule($1, $2, $3, $4, $5)";
    PLAN = "select public.plan_schedule($1, $2, $3, $4)";
    DUE = "
        select s.schedule_id, s.version, s.cron, s.zone, s.catch_up, s.next_at, moment.now
        from (select runboard_internal.clock()) as moment (now)
        join public.schedules as s
          on s.enabled and (s.next_at <= moment.now or (s.next_at is null and s.problem is null))
        order by s.next_at nulls first
        limit $1";
    LIST = concat!(columns!(), " order by lower(name) limit 1000");
    READ = concat!(columns!(), " where schedule_id = $1");
    TICKS = "
        select tick_id, tick_at, at, outcome, run_id, code, message, missed_count
        from public.schedule_ticks
        where schedule_id = $1
        order by at desc, tick_id desc
        limit $2";
    NOW = "select runboard_internal.clock()";
}
