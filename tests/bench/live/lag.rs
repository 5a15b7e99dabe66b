//! How late a change of a run is heard: from the time in its row to now, on the clock of this machine.

use serde::Deserialize;
use std::{
    collections::HashMap,
    time::{SystemTime, UNIX_EPOCH},
};

/// What was heard of each run.
#[derive(Debug, Default)]
pub(crate) struct Lag {
    known: HashMap<String, i64>,
}

#[derive(Deserialize)]
struct Rows {
    rows: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    id: String,
    queued_at: i64,
    started_at: Option<i64>,
    finished_at: Option<i64>,
}

impl Lag {
    /// Adds a measure for every run that went on since it was heard of last.
    pub(crate) fn read(&mut self, data: &[u8], lags: &mut Vec<i64>) {
        // Only runs have these fields; everything else is not for us.
        let Ok(Rows { rows }) = serde_json::from_slice(data) else {
            return;
        };
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_millis() as i64);
        for row in rows {
            let at = row.finished_at.or(row.started_at).unwrap_or(row.queued_at);
            if self.known.insert(row.id, at) != Some(at) {
                lags.push(now - at);
            }
        }
    }
}
