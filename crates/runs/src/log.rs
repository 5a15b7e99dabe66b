//! Lines of a log that fit what a person looks for.
//!
//! A level is read from the line itself ([`domain::LogLevel`]), so Postgres only names the chunks that may hold fitting
//! lines, and the lines are judged here.

use db::reads::{self, LogChunk, LogHint};
use db::{PgConnection, Result};
use domain::{LogLevel, plain_line};

/// Chunks read at once.
const ROUND: i64 = 64;

/// Which lines are looked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LogFilter {
    /// Only of this step.
    pub step: Option<String>,
    /// At least so loud.
    pub level: LogLevel,
    /// With this text, letter case and colours aside.
    pub text: Option<String>,
}

/// Where to look, and how far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// From this line on.
    From(i64),
    /// From this line back.
    Back(i64),
}

/// Fitting lines of one chunk; the chunk holds no others.
#[derive(Debug, Clone, PartialEq)]
pub struct Picked {
    /// The lines.
    pub chunk: LogChunk,
    /// Their numbers in the run.
    pub numbers: Vec<i64>,
}

/// Fitting lines, in order, and the lines that were looked at.
#[derive(Debug, Clone, PartialEq)]
pub struct LogPick {
    /// The lines.
    pub chunks: Vec<Picked>,
    /// First line looked at.
    pub first: i64,
    /// Last line looked at; that of the log when its end was reached.
    pub last: i64,
}

impl LogFilter {
    /// Whether every line fits.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn hint(&self) -> LogHint {
        LogHint {
            step: self.step.clone(),
            signs: self
                .level
                .signs()
                .map(|signs| signs.iter().map(|sign| format!("%{sign}%")).collect()),
            text: self.text.clone(),
        }
    }

    fn fits(&self, line: &str, stream: Option<char>, wanted: Option<&str>) -> bool {
        wanted.is_none_or(|wanted| plain_line(line).to_lowercase().contains(wanted))
            && (self.level == LogLevel::Debug || LogLevel::of(line, stream) >= self.level)
    }

    /// The fitting lines of `chunk` between two lines; `None` when there are none.
    fn pick(&self, chunk: LogChunk, (from, to): (i64, i64), wanted: Option<&str>) -> Option<Picked> {
        let streams: Vec<char> = chunk.streams.as_deref().unwrap_or_default().chars().collect();
        let kept: Vec<(usize, &str)> = chunk
            .lines
            .split('\n')
            .take(chunk.line_count as usize)
            .enumerate()
            .filter(|(at, line)| {
                (from..=to).contains(&(chunk.first_line + *at as i64))
                    && self.fits(line, streams.get(*at).copied(), wanted)
            })
            .collect();
        let (first, _) = kept.first()?;
        let numbers = kept.iter().map(|(at, _)| chunk.first_line + *at as i64).collect();
        let thinned = LogChunk {
            first_line: chunk.first_line + *first as i64,
            line_count: kept.len() as i32,
            lines: kept.iter().map(|(_, line)| *line).collect::<Vec<_>>().join("\n"),
            offsets_ms: chunk.offsets_ms.as_ref().map(|offsets| {
                kept.iter()
                    .map(|(at, _)| offsets.get(*at).copied().unwrap_or(0))
                    .collect()
            }),
            streams: chunk.streams.as_ref().map(|_| {
                kept.iter()
                    .map(|(at, _)| streams.get(*at).copied().unwrap_or('o'))
                    .collect()
            }),
            ..chunk
        };
        Some(Picked {
            chunk: thinned,
            numbers,
        })
    }
}

/// At least `lines` fitting lines, as far as there are so many.
pub async fn pick(
    conn: &mut PgConnection,
    run_id: &str,
    filter: &LogFilter,
    look: Look,
    lines: usize,
) -> Result<LogPick> {
    let (mut from, mut to) = match look {
        Look::From(line) => (line.max(1), i64::MAX >> 1),
        Look::Back(line) => (1, line),
    };
    let is_backwards = matches!(look, Look::Back(_));
    let (whole, hint) = ((from, to), filter.hint());
    let wanted = filter.text.as_ref().map(|text| text.to_lowercase());
    let (mut chunks, mut count): (Vec<Picked>, usize) = (Vec::new(), 0);
    loop {
        let round = reads::log_pick(conn, run_id, &hint, (from, to), is_backwards, ROUND).await?;
        let has_more = round.len() as i64 == ROUND;
        for chunk in round {
            let (first, last) = (chunk.first_line, chunk.first_line + i64::from(chunk.line_count) - 1);
            if let Some(picked) = filter.pick(chunk, whole, wanted.as_deref()) {
                count += picked.numbers.len();
                chunks.push(picked);
            }
            if is_backwards {
                to = first - 1;
            } else {
                from = last + 1;
            }
            if count >= lines {
                break;
            }
        }
        if count >= lines || !has_more {
            break;
        }
    }
    let is_whole = count < lines;
    if is_backwards {
        chunks.reverse();
    }
    let (first, last) = match look {
        Look::From(line) if is_whole => (line, end(conn, run_id).await?.max(line - 1)),
        Look::From(line) => (line, from - 1),
        Look::Back(line) => (if is_whole { 1 } else { to + 1 }, line),
    };
    Ok(LogPick { chunks, first, last })
}

/// The numbers of up to `most` fitting lines from `from` on, and whether there are more.
pub async fn find(
    conn: &mut PgConnection,
    run_id: &str,
    filter: &LogFilter,
    from: i64,
    most: usize,
) -> Result<(Vec<i64>, bool)> {
    let found = pick(conn, run_id, filter, Look::From(from), most + 1).await?;
    let mut lines: Vec<i64> = found.chunks.into_iter().flat_map(|picked| picked.numbers).collect();
    let has_more = lines.len() > most;
    lines.truncate(most);
    Ok((lines, has_more))
}

/// The number of the last line; 0 when nothing was printed.
async fn end(conn: &mut PgConnection, run_id: &str) -> Result<i64> {
    let last = reads::log_tail(conn, run_id, 1).await?;
    Ok(last
        .last()
        .map_or(0, |chunk| chunk.first_line + i64::from(chunk.line_count) - 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    fn chunk(first_line: i64, lines: &str, streams: &str) -> LogChunk {
        LogChunk {
            lease_seq: 1,
            seq: 1,
            step: "build".to_owned(),
            first_line,
            line_count: streams.len() as i32,
            at: DateTime::UNIX_EPOCH,
            lines: lines.to_owned(),
            offsets_ms: Some((0..streams.len() as i32).collect()),
            streams: Some(streams.to_owned()),
        }
    }

    #[test]
    fn only_fitting_lines_of_a_chunk_are_kept_with_their_numbers_and_times() {
        let filter = LogFilter {
            level: LogLevel::Warn,
            ..LogFilter::default()
        };
        let picked = filter
            .pick(chunk(10, "WARN a\nfine\nno such file\nERROR b", "ooeo"), (1, 99), None)
            .unwrap();
        assert_eq!(picked.numbers, [10, 12, 13]);
        assert_eq!(picked.chunk.lines, "WARN a\nno such file\nERROR b");
        assert_eq!(picked.chunk.offsets_ms, Some(vec![0, 2, 3]));
        assert_eq!(picked.chunk.streams.as_deref(), Some("oeo"));
    }

    #[test]
    fn a_text_is_found_whatever_its_letter_case_and_colour() {
        let filter = LogFilter::default();
        let picked = filter.pick(chunk(1, "x\nHea\u{1b}[1mlthy", "oo"), (1, 9), Some("healthy"));
        assert_eq!(picked.unwrap().numbers, [2]);
        assert_eq!(filter.pick(chunk(1, "x", "o"), (1, 9), Some("healthy")), None);
    }
}
