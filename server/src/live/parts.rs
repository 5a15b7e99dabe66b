//! Long logs, in events of a bounded size.

use app::views::ChunkView;

/// Lines of one log event at most.
const LOG_LINES: usize = 500;

/// Parts of at most [`LOG_LINES`] lines; a chunk is never cut.
pub(super) fn in_parts(chunks: Vec<ChunkView>) -> Vec<Vec<ChunkView>> {
    let mut parts: Vec<Vec<ChunkView>> = Vec::new();
    let mut lines = LOG_LINES;
    for chunk in chunks {
        let count = chunk.lines.lines().count();
        if lines + count > LOG_LINES || parts.is_empty() {
            parts.push(Vec::new());
            lines = 0;
        }
        lines += count;
        parts.last_mut().expect("one was pushed above").push(chunk);
    }
    parts
}
