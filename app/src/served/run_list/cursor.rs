//! Where in a list a page begins, in its address.

use db::reads::{Cursor, RunRow};

/// The place of a run.
pub(super) fn of(run: &RunRow) -> Cursor {
    Cursor {
        created_at: run.created_at,
        run_id: run.run_id.clone(),
    }
}

/// Microseconds keep the place exact: Postgres stores no less.
pub(super) fn write(cursor: &Cursor) -> String {
    format!("{}~{}", cursor.created_at.timestamp_micros(), cursor.run_id)
}

/// Reads a place; what is none begins the list anew.
pub(super) fn read(text: &str) -> Option<Cursor> {
    let (at, run_id) = text.split_once('~')?;
    let created_at = chrono::DateTime::from_timestamp_micros(at.parse().ok()?)?;
    Some(Cursor {
        created_at,
        run_id: run_id.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_back() {
        let cursor = Cursor {
            created_at: chrono::DateTime::from_timestamp_micros(1_768_383_012_123_456).unwrap(),
            run_id: "run_20260114_093012_k3v7q2xw".to_owned(),
        };
        assert_eq!(read(&write(&cursor)), Some(cursor));
        assert_eq!(read("nonsense"), None);
    }
}
