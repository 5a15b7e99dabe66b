//! A timetable: a cron of five fields, read in a time zone.

use chrono::{DateTime, Duration, Utc};
use chrono_tz::Tz;
use croner::{
    Cron,
    parser::{CronParser, Seconds, Year},
};

/// Longest cron, in bytes: what a person can still read.
const LONGEST: usize = 120;
/// Who waits longer than the longest distance between two leap days waits for ever.
const HORIZON: Duration = Duration::days(366 * 8 + 3);

/// The fields in their order.
const FIELDS: [&str; 5] = ["minute", "hour", "day of month", "month", "day of week"];

/// When something happens, over and over.
#[derive(Debug, Clone)]
pub struct Timetable {
    cron: Cron,
    zone: Tz,
}

/// Why a timetable was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TimetableError {
    /// The cron cannot be read.
    #[error("{cron:?} is not a cron of five fields (minute, hour, day of month, month, day of week): {reason}")]
    NotACron {
        /// What was given.
        cron: String,
        /// What is wrong.
        reason: String,
    },
    /// The zone is unknown.
    #[error("there is no time zone {zone:?}")]
    NoSuchZone {
        /// What was given.
        zone: String,
    },
    /// No calendar has such a time.
    #[error("{cron:?} names no time within eight years")]
    NeverFires {
        /// What was given.
        cron: String,
    },
}

impl TimetableError {
    /// The field at fault.
    pub fn field(&self) -> &'static str {
        match self {
            Self::NotACron { .. } | Self::NeverFires { .. } => "cron",
            Self::NoSuchZone { .. } => "zone",
        }
    }
}

impl Timetable {
    /// Reads a cron and the name of a zone, and proves that it names a time after `now`.
    pub fn parse(cron: &str, zone: &str, now: DateTime<Utc>) -> Result<Self, TimetableError> {
        let text = cron.trim();
        let unreadable = |reason: String| TimetableError::NotACron {
            cron: text.chars().take(LONGEST).collect(),
            reason,
        };
        if text.len() > LONGEST {
            return Err(unreadable(format!("it is longer than {LONGEST} characters")));
        }
        if !text.is_ascii() {
            return Err(unreadable("it has letters that no cron has".to_owned()));
        }
        let parsed = read(text).map_err(|reason| unreadable(place(text, reason)))?;
        let zone: Tz = zone
            .trim()
            .parse()
            .map_err(|_| TimetableError::NoSuchZone { zone: zone.to_owned() })?;
        let timetable = Self { cron: parsed, zone };
        match timetable.after(now) {
            Some(_) => Ok(timetable),
            None => Err(TimetableError::NeverFires { cron: text.to_owned() }),
        }
    }

    /// The first time after `at`, if there is one within eight years. When clocks go forward over a fixed
    /// time it is the first moment after the gap; when they go back over it, the first of the two.
    pub fn after(&self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let local = at.with_timezone(&self.zone);
        let next = self.cron.find_next_occurrence(&local, false).ok()?.with_timezone(&Utc);
        (next > at && next - at <= HORIZON).then_some(next)
    }

    /// The last time at or before `at`.
    pub fn last_until(&self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let local = at.with_timezone(&self.zone);
        let last = self.cron.find_previous_occurrence(&local, true).ok()?;
        Some(last.with_timezone(&Utc))
    }

    /// `Mon 24 Nov 2026, 08:00 CET`: a time as the clock on the wall shows it.
    pub fn wall_clock(&self, at: DateTime<Utc>) -> String {
        at.with_timezone(&self.zone)
            .format("%a %-d %b %Y, %H:%M %Z")
            .to_string()
    }

    /// The next `count` times after `at`.
    pub fn next(&self, at: DateTime<Utc>, count: usize) -> Vec<DateTime<Utc>> {
        std::iter::successors(self.after(at), |last| self.after(*last))
            .take(count)
            .collect()
    }
}

fn read(cron: &str) -> Result<Cron, String> {
    let parser = CronParser::builder()
        .seconds(Seconds::Disallowed)
        .year(Year::Disallowed)
        .build();
    parser
        .parse(cron)
        .map_err(|error| error.to_string().trim_end_matches('.').to_owned())
}

/// Says which field is at fault: the first that is refused beside four that allow everything.
fn place(cron: &str, reason: String) -> String {
    let given: Vec<&str> = cron.split_ascii_whitespace().collect();
    if given.len() != FIELDS.len() {
        return format!("it has {} of them", given.len());
    }
    let fault = (0..FIELDS.len()).find_map(|at| {
        let mut fields = ["*"; FIELDS.len()];
        fields[at] = given[at];
        let reason = read(&fields.join(" ")).err()?;
        Some(format!(
            "field {}, the {}, is {:?}: {reason}",
            at + 1,
            FIELDS[at],
            given[at]
        ))
    });
    fault.unwrap_or(reason)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn times(cron: &str, zone: &str, from: &str, count: usize) -> Vec<String> {
        let from = at(from);
        let timetable = Timetable::parse(cron, zone, from).unwrap();
        let times = timetable.next(from, count);
        times
            .into_iter()
            .map(|time| time.format("%m-%d %H:%M").to_string())
            .collect()
    }

    fn refusal(cron: &str, zone: &str) -> TimetableError {
        Timetable::parse(cron, zone, at("2026-01-01T00:00:00Z")).unwrap_err()
    }

    #[test]
    fn times_are_meant_in_the_zone() {
        assert_eq!(
            times("0 8 * * 1-5", "Europe/Paris", "2026-01-02T07:30:00Z", 2),
            ["01-05 07:00", "01-06 07:00"]
        );
        assert_eq!(
            times("0 8 * * *", "Europe/Paris", "2026-07-01T00:00:00Z", 1),
            ["07-01 06:00"]
        );
    }

    #[test]
    fn a_fixed_time_that_clocks_jump_over_comes_right_after_the_gap() {
        // On 29 March 2026 Paris goes from 02:00 to 03:00, which is 01:00 UTC.
        assert_eq!(
            times("30 2 * * *", "Europe/Paris", "2026-03-28T12:00:00Z", 2),
            ["03-29 01:00", "03-30 00:30"]
        );
    }

    #[test]
    fn a_fixed_time_that_comes_twice_starts_once() {
        // On 25 October 2026 Paris goes from 03:00 back to 02:00, which is 01:00 UTC.
        assert_eq!(
            times("30 2 * * *", "Europe/Paris", "2026-10-24T12:00:00Z", 2),
            ["10-25 00:30", "10-26 01:30"]
        );
    }

    #[test]
    fn an_interval_goes_on_through_both_halves_of_the_repeated_hour() {
        assert_eq!(
            times("*/30 * * * *", "Europe/Paris", "2026-10-24T23:45:00Z", 5),
            [
                "10-25 00:00",
                "10-25 00:30",
                "10-25 01:00",
                "10-25 01:30",
                "10-25 02:00"
            ]
        );
    }

    #[test]
    fn a_cron_that_never_comes_is_refused_soon() {
        for cron in ["0 0 30 2 *", "0 0 31 4,6,9,11 *"] {
            let before = std::time::Instant::now();
            assert!(
                matches!(refusal(cron, "UTC"), TimetableError::NeverFires { .. }),
                "{cron}"
            );
            assert!(before.elapsed().as_secs() < 2, "{cron} took {:?}", before.elapsed());
        }
    }

    #[test]
    fn the_29th_of_february_is_waited_for() {
        assert_eq!(times("0 0 29 2 *", "UTC", "2026-01-01T00:00:00Z", 1), ["02-29 00:00"]);
        assert_eq!(times("0 0 29 2 *", "UTC", "2097-01-01T00:00:00Z", 1), ["02-29 00:00"]);
    }

    #[test]
    fn what_is_no_cron_or_no_zone_is_refused_with_its_field() {
        for cron in [
            "",
            "* * * *",
            "* * * * * *",
            "61 * * * *",
            "tomorrow",
            "1-99999999 * * * *",
            "0 0 1 1 * 2030",
        ] {
            assert_eq!(refusal(cron, "UTC").field(), "cron", "{cron}");
        }
        assert_eq!(refusal(&"1,".repeat(1000), "UTC").field(), "cron");
        assert_eq!(refusal("* * * * *", "Mars/Olympus").field(), "zone");
        assert_eq!(refusal("* * * * *", "").field(), "zone");
    }

    #[test]
    fn a_refusal_names_the_place() {
        let words = |cron| refusal(cron, "UTC").to_string();
        assert!(
            words("0 25 * * *").contains("field 2, the hour, is \"25\""),
            "{}",
            words("0 25 * * *")
        );
        assert!(
            words("0 8 * * fry").contains("field 5, the day of week, is \"fry\""),
            "{}",
            words("0 8 * * fry")
        );
        assert!(words("0 8 * *").contains("it has 4 of them"), "{}", words("0 8 * *"));
    }

    proptest! {
        #[test]
        fn no_text_brings_the_reader_down(text in "[0-9*/,\\-?LW#@a-zA-Z ]{0,60}") {
            let _ = Timetable::parse(&text, "America/New_York", at("2026-01-01T00:00:00Z"));
        }
    }
}
