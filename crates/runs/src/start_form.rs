//! What a form that starts a run adds to the run: the key of one click, and a time in the zone of its reader.

use chrono::{DateTime, LocalResult, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Tz;

/// Why a time was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DueError {
    /// It is no time.
    #[error("this is no time; write it as 2026-01-31T09:30")]
    NoTime,
    /// The zone is unknown.
    #[error("there is no time zone {0:?}; write it as Europe/Paris, or UTC")]
    NoSuchZone(String),
    /// Clocks go forward over it.
    #[error("clocks in this zone go forward over that time; choose another")]
    Skipped,
}

impl DueError {
    /// The field at fault.
    pub fn field(&self) -> &'static str {
        match self {
            Self::NoTime | Self::Skipped => "run_after",
            Self::NoSuchZone(_) => "zone",
        }
    }
}

/// The key of one form: sent twice, it starts one run.
pub fn click_key() -> String {
    format!("form-{:032x}", rand::random::<u128>())
}

/// The moment that a clock on the wall of `zone` shows as `local`; of two, the first.
pub fn due(local: &str, zone: &str) -> Result<DateTime<Utc>, DueError> {
    let formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"];
    let wall = formats
        .into_iter()
        .find_map(|format| NaiveDateTime::parse_from_str(local.trim(), format).ok());
    let wall = wall.ok_or(DueError::NoTime)?;
    let zone = zone.trim();
    let zone: Tz = zone.parse().map_err(|_| DueError::NoSuchZone(zone.to_owned()))?;
    match zone.from_local_datetime(&wall) {
        LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => Ok(at.with_timezone(&Utc)),
        LocalResult::None => Err(DueError::Skipped),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_meant_in_its_zone() {
        let said = |local, zone| due(local, zone).map(|at| at.to_rfc3339());
        assert_eq!(
            said("2026-07-01T09:30", "Europe/Paris"),
            Ok("2026-07-01T07:30:00+00:00".to_owned())
        );
        assert_eq!(
            said("2026-10-25T02:30", "Europe/Paris"),
            Ok("2026-10-25T00:30:00+00:00".to_owned())
        );
        assert_eq!(said("2026-03-29T02:30", "Europe/Paris"), Err(DueError::Skipped));
        assert_eq!(said("tomorrow", "UTC"), Err(DueError::NoTime));
        assert_eq!(
            said("2026-07-01T09:30", "Mars"),
            Err(DueError::NoSuchZone("Mars".to_owned()))
        );
    }

    #[test]
    fn no_two_forms_share_a_key() {
        assert_ne!(click_key(), click_key());
    }
}
