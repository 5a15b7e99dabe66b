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
    /// Per line: o, e or s.
    pub streams: Option<String>,
}

from_json!(ChunkView {
    lease_seq,
    seq,
    step,
    first_line,
    at,
    lines,
    offsets_ms,
    streams
});
