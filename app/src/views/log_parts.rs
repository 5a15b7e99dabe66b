//! Chunks of a log become parts of it, each line with how loud it is.

use super::{ChunkView, LogAsk, LogPartView};
use db::reads::LogChunk;
use domain::LogLevel;
use runs::log::{LogFilter, LogPick};

/// The use case's filter; `with_text` keeps only lines that hold the text.
pub(crate) fn filter(ask: &LogAsk, with_text: bool) -> LogFilter {
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    LogFilter {
        step: some(&ask.step),
        level: LogLevel::from_word(&ask.level).unwrap_or_default(),
        text: some(ask.text.trim()).filter(|_| with_text),
    }
}

/// A part without gaps; `from` is the line that was asked for.
pub(crate) fn whole_view(chunks: Vec<LogChunk>, from: i64) -> LogPartView {
    let end = |chunk: &LogChunk| chunk.first_line + i64::from(chunk.line_count) - 1;
    LogPartView {
        first: chunks.first().map_or(from, |chunk| chunk.first_line),
        last: chunks.last().map_or(from - 1, end),
        chunks: chunks.into_iter().map(Into::into).collect(),
    }
}

/// A part with only the lines that were looked for.
pub(crate) fn picked_view(pick: LogPick) -> LogPartView {
    let chunk = |picked: runs::log::Picked| ChunkView {
        numbers: Some(picked.numbers),
        ..picked.chunk.into()
    };
    LogPartView {
        first: pick.first,
        last: pick.last,
        chunks: pick.chunks.into_iter().map(chunk).collect(),
    }
}

impl From<LogChunk> for ChunkView {
    fn from(row: LogChunk) -> Self {
        let mut streams = row.streams.as_deref().unwrap_or_default().chars();
        let levels: String = row
            .lines
            .split('\n')
            .map(|line| LogLevel::of(line, streams.next()).letter())
            .collect();
        Self {
            levels: Some(levels).filter(|levels| levels.contains(|letter| letter != 'i')),
            numbers: None,
            lease_seq: row.lease_seq,
            seq: row.seq,
            step: row.step,
            first_line: row.first_line,
            at: row.at.timestamp_millis(),
            lines: row.lines,
            offsets_ms: row.offsets_ms,
        }
    }
}
