//! One look at what is due. Any number of servers may look at the same moment.

use super::{CatchUp, Timetable, TimetableError, firing};
use db::{
    PgConnection, Pool, Result,
    schedules::{self, DueRow, Fired},
};

/// Schedules that one look deals with; the next look is a second away.
const MOST: i64 = 100;

/// What one look came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ticked {
    /// Runs that were started.
    pub run_ids: Vec<String>,
    /// Times that a guard held back, with the reason.
    pub held_back: Vec<String>,
    /// Schedules that could not be dealt with; the next look tries again.
    pub failed: usize,
}

/// Starts what is due and works out next times that are missing. Each schedule has a transaction of its
/// own, so that one that cannot be dealt with holds up no other.
pub async fn tick(pool: &Pool) -> Result<Ticked> {
    let mut conn = pool.acquire().await?;
    let due = schedules::due(&mut conn, MOST).await?;
    let mut ticked = Ticked::default();
    for row in due {
        match one(&mut conn, &row).await {
            Ok(Some(fired)) => {
                ticked.run_ids.extend(fired.run_ids);
                ticked.held_back.extend(fired.message);
            }
            Ok(None) => {}
            Err(error) if error.is_unavailable() => return Err(error),
            Err(error) => {
                tracing::error!(schedule.id = %row.schedule_id, "A schedule could not be dealt with: {error:?}");
                ticked.failed += 1;
            }
        }
    }
    Ok(ticked)
}

async fn one(conn: &mut PgConnection, row: &DueRow) -> Result<Option<Fired>> {
    // A cron saved by other hands than ours may be unreadable: that is said once, on the schedule.
    let timetable = match Timetable::parse(&row.cron, &row.zone, row.next_at.unwrap_or(row.now)) {
        Ok(timetable) => timetable,
        Err(error) => return give_up(conn, row, &error).await,
    };
    let Some(due_at) = row.next_at else {
        let next_at = timetable.after(row.now);
        schedules::plan(conn, row.schedule_id, row.version, next_at, None).await?;
        return Ok(None);
    };
    let firing = firing(&timetable, due_at, row.now, CatchUp::from_word(&row.catch_up));
    schedules::fire(conn, row.schedule_id, due_at, &firing).await.map(Some)
}

async fn give_up(conn: &mut PgConnection, row: &DueRow, error: &TimetableError) -> Result<Option<Fired>> {
    if let Some(due_at) = row.next_at {
        let nothing = schedules::Firing {
            fires: Vec::new(),
            missed: 1,
            next_at: None,
        };
        schedules::fire(conn, row.schedule_id, due_at, &nothing).await?;
    }
    schedules::plan(conn, row.schedule_id, row.version, None, Some(&error.to_string())).await?;
    Ok(None)
}
