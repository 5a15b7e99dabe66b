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

/// A part without gaps: the lines between two, and no more than that of the chunks that hold them.
pub(crate) fn whole_view(chunks: Vec<LogChunk>, from: i64, to: i64) -> LogPartView {
    let chunks: Vec<ChunkView> = chunks
        .into_iter()
        .filter_map(|chunk| cut(chunk.into(), from, to))
        .collect();
    LogPartView {
        first: chunks.first().map_or(from, |chunk| chunk.first_line),
        last: chunks.last().map_or(from - 1, last_line),
        chunks,
    }
}

/// The last `lines` lines of what was read.
pub(crate) fn tail_view(chunks: Vec<LogChunk>, lines: i64) -> LogPartView {
    let end = chunks
        .last()
        .map_or(0, |chunk| chunk.first_line + i64::from(chunk.line_count) - 1);
    whole_view(chunks, (end - lines + 1).max(1), end)
}

fn last_line(chunk: &ChunkView) -> i64 {
    chunk.first_line + chunk.lines.matches('\n').count() as i64
}

fn cut(mut chunk: ChunkView, from: i64, to: i64) -> Option<ChunkView> {
    let skip = (from - chunk.first_line).max(0) as usize;
    let keep = (to.min(last_line(&chunk)) - chunk.first_line + 1).max(0) as usize;
    if skip >= keep {
        return None;
    }
    let lines: Vec<&str> = chunk.lines.split('\n').take(keep).skip(skip).collect();
    chunk.lines = lines.join("\n");
    chunk.levels = chunk
        .levels
        .map(|levels| levels.chars().take(keep).skip(skip).collect());
    chunk.offsets_ms = chunk
        .offsets_ms
        .map(|offsets| offsets.into_iter().take(keep).skip(skip).collect());
    chunk.first_line += skip as i64;
    Some(chunk)
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

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    fn chunk(first_line: i64, lines: &str) -> LogChunk {
        LogChunk {
            lease_seq: 1,
            seq: 1,
            step: "build".to_owned(),
            first_line,
            line_count: lines.split('\n').count() as i32,
            at: DateTime::UNIX_EPOCH,
            lines: lines.to_owned(),
            offsets_ms: Some((0..lines.split('\n').count() as i32).collect()),
            streams: None,
        }
    }

    #[test]
    fn of_large_chunks_only_the_lines_between_two_are_sent() {
        let part = whole_view(vec![chunk(1, "one\ntwo\nERROR three"), chunk(4, "four\nfive")], 3, 4);
        let lines: Vec<&str> = part.chunks.iter().map(|chunk| chunk.lines.as_str()).collect();
        assert_eq!((lines, part.first, part.last), (vec!["ERROR three", "four"], 3, 4));
        assert_eq!(part.chunks[0].levels.as_deref(), Some("e"));
        assert_eq!(part.chunks[0].offsets_ms, Some(vec![2]));
    }

    #[test]
    fn the_end_of_a_log_has_as_many_lines_as_were_asked_for() {
        let part = tail_view(vec![chunk(7, "a\nb\nc")], 2);
        assert_eq!((part.first, part.last, part.chunks[0].lines.as_str()), (8, 9, "b\nc"));
        assert_eq!((tail_view(Vec::new(), 2).first, tail_view(Vec::new(), 2).last), (1, 0));
    }
}
