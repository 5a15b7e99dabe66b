//! What steps printed.

use super::json::from_json;
use serde::{Deserialize, Serialize};

/// Lines one step printed in a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChunkView {
    /// Lease it was written under.
    pub lease_seq: i64,
    /// Number inside the lease.
    pub seq: i32,
    /// Step that printed it.
    pub step: String,
    /// Number of its first line in the run, from 1.
    pub first_line: i64,
    /// When the first line was printed.
    pub at: i64,
    /// The lines, newline-separated, with ANSI codes as printed.
    pub lines: String,
    /// Per line, milliseconds after `at`.
    pub offsets_ms: Option<Vec<i32>>,
    /// Per line, how loud it is: d, i, w or e. `None` when all are usual.
    pub levels: Option<String>,
    /// Per line its number, where lines were left out.
    pub numbers: Option<Vec<i64>>,
}

from_json!(ChunkView {
    lease_seq,
    seq,
    step,
    first_line,
    at,
    lines,
    offsets_ms,
    levels,
    numbers
});

/// Part of a log.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct LogPartView {
    /// The lines that were asked for, in order.
    pub chunks: Vec<ChunkView>,
    /// First line that was looked at.
    pub first: i64,
    /// Last line that was looked at.
    pub last: i64,
}

from_json!(LogPartView { chunks, first, last });

/// Which lines of a log are looked for; empty texts ask for nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct LogAsk {
    /// Only of this step.
    pub step: String,
    /// At least so loud: info, warn or error.
    pub level: String,
    /// The text that is searched.
    pub text: String,
}

from_json!(LogAsk { step, level, text });

impl LogAsk {
    /// Whether lines are left out. A text that is searched leaves none out.
    pub fn is_partial(&self) -> bool {
        !self.step.is_empty() || !self.level.is_empty()
    }
}

/// Lines that hold a text.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct LogHits {
    /// Their numbers.
    pub lines: Vec<i64>,
    /// Whether there are more after the last one.
    pub has_more: bool,
}

from_json!(LogHits { lines, has_more });
