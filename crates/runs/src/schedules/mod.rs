//! Schedules: work that starts by itself at certain times.
//!
//! Crons and zones are read here; that a time starts one run, however many servers look, is decided by
//! `fire_schedule` in Postgres. Start at [`tick`], which every server calls once a second.

mod catch_up;
mod outlook;
mod save;
mod tick;
mod timetable;
mod words;

pub use catch_up::{CatchUp, firing};
pub use db::{
    queue::Enqueued,
    schedules::{SavedSchedule, ScheduleRow, TickRow},
};
pub use outlook::{Outlook, outlook, zones};
pub use save::{Draft, ScheduleError, save};
pub use tick::{Ticked, tick};
pub use timetable::{Timetable, TimetableError};
pub use words::in_words;

use chrono::{DateTime, Utc};
use db::{PgConnection, Result, schedules};
use uuid::Uuid;

/// Every schedule, by name.
pub async fn list(conn: &mut PgConnection) -> Result<Vec<ScheduleRow>> {
    schedules::list(conn).await
}

/// One schedule.
pub async fn read(conn: &mut PgConnection, schedule_id: Uuid) -> Result<Option<ScheduleRow>> {
    schedules::read(conn, schedule_id).await
}

/// What became of its last times, newest first.
pub async fn ticks(conn: &mut PgConnection, schedule_id: Uuid, limit: i64) -> Result<Vec<TickRow>> {
    schedules::ticks(conn, schedule_id, limit).await
}

/// Forgets a schedule; what it has started goes on.
pub async fn delete(conn: &mut PgConnection, schedule_id: Uuid) -> Result<()> {
    schedules::delete(conn, schedule_id).await
}

/// Lets a schedule start nothing until it is resumed.
pub async fn pause(conn: &mut PgConnection, schedule_id: Uuid) -> Result<()> {
    schedules::pause(conn, schedule_id).await
}

/// Lets a paused schedule start runs again.
pub async fn resume(conn: &mut PgConnection, schedule_id: Uuid) -> Result<()> {
    schedules::resume(conn, schedule_id).await
}

/// Starts at once what the schedule would start; no guard holds it back.
pub async fn run_now(conn: &mut PgConnection, schedule_id: Uuid) -> Result<Enqueued> {
    schedules::run_now(conn, schedule_id).await
}

/// The next times of a cron, by the clock that will start them.
pub async fn preview(
    conn: &mut PgConnection,
    cron: &str,
    zone: &str,
    count: usize,
) -> std::result::Result<Vec<DateTime<Utc>>, ScheduleError> {
    let now = schedules::now(conn).await?;
    Ok(Timetable::parse(cron, zone, now)?.next(now, count))
}
