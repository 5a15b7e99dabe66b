//! Times in a filter: relative ones stay relative until somebody acts on them.

use crate::Malformed;
use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, NaiveTime, SecondsFormat, Utc};
use std::{fmt, str::FromStr};

/// A span in one unit, such as `5m` or `24h`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// How many.
    pub count: u32,
    /// Of what.
    pub unit: Unit,
}

/// Unit of a span.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// `s`.
    Seconds,
    /// `m`.
    Minutes,
    /// `h`.
    Hours,
    /// `d`.
    Days,
    /// `w`.
    Weeks,
}

impl Unit {
    const ALL: [(Self, char, u32); 5] = [
        (Self::Seconds, 's', 1),
        (Self::Minutes, 'm', 60),
        (Self::Hours, 'h', 3_600),
        (Self::Days, 'd', 86_400),
        (Self::Weeks, 'w', 604_800),
    ];

    fn row(self) -> (Self, char, u32) {
        Self::ALL
            .into_iter()
            .find(|(unit, ..)| *unit == self)
            .unwrap_or(Self::ALL[0])
    }
}

impl Span {
    /// Longest span, ten years.
    const MOST_SECONDS: u32 = 3_660 * 86_400;

    /// Its length.
    pub fn seconds(self) -> u32 {
        self.count.saturating_mul(self.unit.row().2)
    }
}

impl FromStr for Span {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let refused = || Malformed {
            what: "span",
            form: "a number with s, m, h, d or w, such as 90s, 5m or 24h",
            value: text.to_owned(),
        };
        let unit = Unit::ALL
            .into_iter()
            .find(|(_, letter, _)| text.ends_with(*letter))
            .ok_or_else(refused)?
            .0;
        let digits = &text[..text.len() - 1];
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(refused());
        }
        let span = Self {
            count: digits.parse().map_err(|_| refused())?,
            unit,
        };
        if span.seconds() <= Self::MOST_SECONDS {
            Ok(span)
        } else {
            Err(refused())
        }
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.count, self.unit.row().1)
    }
}

/// A bound of a list in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// So long before now.
    Ago(Span),
    /// The beginning of this day, UTC.
    Today,
    /// This very moment.
    At(DateTime<Utc>),
}

impl Moment {
    /// What it means at `now`.
    pub fn at(self, now: DateTime<Utc>) -> DateTime<Utc> {
        match self {
            Self::Ago(span) => now - Duration::seconds(i64::from(span.seconds())),
            Self::Today => now.date_naive().and_time(NaiveTime::MIN).and_utc(),
            Self::At(at) => at,
        }
    }
}

impl FromStr for Moment {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        if text == "today" {
            return Ok(Self::Today);
        }
        if let Ok(span) = text.parse() {
            return Ok(Self::Ago(span));
        }
        let at = DateTime::parse_from_rfc3339(text)
            .map(|at| at.to_utc())
            // What `<input type="datetime-local">` writes.
            .or_else(|_| NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").map(|at| at.and_utc()))
            .or_else(|_| NaiveDate::parse_from_str(text, "%Y-%m-%d").map(|day| day.and_time(NaiveTime::MIN).and_utc()));
        at.map(Self::At).map_err(|_| Malformed {
            what: "time",
            form: "a span such as 24h or 7d, today, or a moment such as 2026-01-14 or 2026-01-14T09:30:00Z",
            value: text.to_owned(),
        })
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ago(span) => span.fmt(f),
            Self::Today => f.write_str("today"),
            Self::At(at) => f.write_str(&at.to_rfc3339_opts(SecondsFormat::AutoSi, true)),
        }
    }
}
