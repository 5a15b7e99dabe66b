//! What a cron means and when it comes next, before anybody saves it.

use super::{ScheduleError, Timetable, words};
use chrono::{DateTime, Utc};
use db::{PgConnection, schedules};

/// A cron as a person checks it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outlook {
    /// In words, where words do not lie.
    pub words: Option<String>,
    /// The next times, soonest first, each also as the clock on the wall of its zone shows it.
    pub times: Vec<(DateTime<Utc>, String)>,
}

/// Looks ahead from the present of the clock that will start the runs.
pub async fn outlook(conn: &mut PgConnection, cron: &str, zone: &str, count: usize) -> Result<Outlook, ScheduleError> {
    let now = schedules::now(conn).await?;
    let timetable = Timetable::parse(cron, zone, now)?;
    let times = timetable.next(now, count).into_iter();
    Ok(Outlook {
        words: words::in_words(cron),
        times: times.map(|at| (at, timetable.wall_clock(at))).collect(),
    })
}

/// Names of zones to choose from; every other IANA name is understood, too.
pub fn zones() -> impl Iterator<Item = &'static str> {
    let is_place = |name: &&str| *name == "UTC" || (name.contains('/') && !name.starts_with("Etc/"));
    chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name()).filter(is_place)
}

#[cfg(test)]
mod tests {
    #[test]
    fn zones_are_named_by_places() {
        let zones: Vec<_> = super::zones().collect();
        assert!(zones.contains(&"UTC") && zones.contains(&"Europe/Paris"));
        assert!(!zones.contains(&"EST"));
    }
}
