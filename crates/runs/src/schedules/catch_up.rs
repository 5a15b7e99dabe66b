//! What is done about the times that have passed since a schedule was last looked at.

use super::Timetable;
use chrono::{DateTime, Duration, Utc};
use db::schedules::Firing;

/// A time is not missed when a server is so much late: restarts are shorter.
const LATE: Duration = Duration::seconds(60);
/// Runs that one look may start.
const MOST_FIRES: usize = 24;
/// Times that are counted one by one; a minute's cron that slept for a month is not worth more.
const MOST_COUNTED: usize = 1000;

/// What becomes of times that passed while no server ran.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CatchUp {
    /// They are gone.
    None,
    /// One run stands for all of them.
    One,
    /// Each is started, the last two dozen at most.
    All,
}

impl CatchUp {
    /// Reads the word of the column; an unknown one is the careful one.
    pub fn from_word(word: &str) -> Self {
        match word {
            "one" => Self::One,
            "all" => Self::All,
            _ => Self::None,
        }
    }
}

/// What a schedule that was due at `due_at` does at `now`.
pub fn firing(timetable: &Timetable, due_at: DateTime<Utc>, now: DateTime<Utc>, catch_up: CatchUp) -> Firing {
    let passed = |at: &DateTime<Utc>| *at <= now;
    let mut due: Vec<_> = std::iter::successors(Some(due_at).filter(passed), |last| {
        timetable.after(*last).filter(passed)
    })
    .take(MOST_COUNTED)
    .collect();
    if due.len() == MOST_COUNTED {
        // The rest is jumped over: what counts is the end of it.
        let last = due[MOST_COUNTED - 1];
        let mut latest: Vec<_> = std::iter::successors(timetable.last_until(now), |at| {
            timetable.last_until(*at - Duration::seconds(1))
        })
        .take_while(|at| *at > last)
        .take(MOST_FIRES)
        .collect();
        latest.reverse();
        due.append(&mut latest);
    }
    let wanted = match catch_up {
        CatchUp::None => usize::from(due.last().is_some_and(|last| now - *last <= LATE)),
        CatchUp::One => 1,
        CatchUp::All => MOST_FIRES,
    };
    let fires = due.split_off(due.len().saturating_sub(wanted));
    Firing {
        fires,
        missed: due.len() as i32,
        next_at: timetable.after(now),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    /// Hourly, due at 08:00.
    fn hourly(now: &str, catch_up: CatchUp) -> (Vec<String>, i32, String) {
        let due = at("2026-01-01T08:00:00Z");
        let timetable = Timetable::parse("0 * * * *", "UTC", due).unwrap();
        let firing = firing(&timetable, due, at(now), catch_up);
        let hour = |at: DateTime<Utc>| at.format("%H:%M").to_string();
        let fires = firing.fires.into_iter().map(hour).collect();
        (fires, firing.missed, firing.next_at.map(hour).unwrap())
    }

    #[test]
    fn a_time_that_has_just_come_is_started() {
        for catch_up in [CatchUp::None, CatchUp::One, CatchUp::All] {
            let (fires, missed, next) = hourly("2026-01-01T08:00:05Z", catch_up);
            assert_eq!((fires, missed, next.as_str()), (vec!["08:00".to_owned()], 0, "09:00"));
        }
    }

    #[test]
    fn after_a_sleep_the_policy_decides() {
        let now = "2026-01-01T10:30:00Z";
        assert_eq!(hourly(now, CatchUp::None), (vec![], 3, "11:00".to_owned()));
        assert_eq!(
            hourly(now, CatchUp::One),
            (vec!["10:00".to_owned()], 2, "11:00".to_owned())
        );
        let all = ["08:00", "09:00", "10:00"].map(str::to_owned).to_vec();
        assert_eq!(hourly(now, CatchUp::All), (all, 0, "11:00".to_owned()));
    }

    #[test]
    fn without_catching_up_the_time_of_the_moment_still_counts() {
        assert_eq!(
            hourly("2026-01-01T10:00:30Z", CatchUp::None),
            (vec!["10:00".to_owned()], 2, "11:00".to_owned())
        );
    }

    #[test]
    fn catching_up_is_bounded() {
        let due = at("2026-01-01T00:00:00Z");
        let timetable = Timetable::parse("* * * * *", "UTC", due).unwrap();
        let firing = firing(&timetable, due, at("2026-03-01T00:00:00Z"), CatchUp::All);
        assert_eq!(firing.fires.len(), 24);
        assert_eq!(firing.fires.last(), Some(&at("2026-03-01T00:00:00Z")));
        assert!(firing.missed >= 1000);
    }
}
