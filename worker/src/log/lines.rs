//! Lines gather here and leave in chunks, in order.

use super::cap::{Cap, Line, LogLimits, Verdict};
use crate::{
    journal::{Chunk, Journal, showable},
    pace,
};
use serde_json::json;
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::sync::Notify;

/// How long lines gather before they leave.
const GATHER: Duration = Duration::from_millis(150);
/// Bytes of a chunk.
const CHUNK_BYTES: usize = 32 * 1024;
/// Bytes of a line; a longer one is split.
pub(super) const LINE_BYTES: usize = 16 * 1024;

/// The log of one attempt.
#[derive(Debug)]
pub struct RunLog {
    journal: Arc<Journal>,
    state: Mutex<State>,
    /// Held while lines leave, so that chunks of one step keep their order.
    leaving: tokio::sync::Mutex<()>,
    /// Rings when there is something to send.
    waiting: Notify,
}

#[derive(Debug)]
struct State {
    lines: Vec<Line>,
    bytes: usize,
    cap: Cap,
}

/// The log of one step.
#[derive(Debug)]
pub struct StepLog {
    log: Arc<RunLog>,
    step: Arc<str>,
    last_error_line: Mutex<Option<String>>,
}

impl RunLog {
    /// An empty log.
    pub fn new(journal: Arc<Journal>, limits: LogLimits) -> Arc<Self> {
        let state = State {
            lines: Vec::new(),
            bytes: 0,
            cap: Cap::new(limits),
        };
        Arc::new(Self {
            journal,
            state: Mutex::new(state),
            leaving: tokio::sync::Mutex::new(()),
            waiting: Notify::new(),
        })
    }

    /// The log of one of its steps.
    pub fn step(self: &Arc<Self>, step: &str) -> StepLog {
        StepLog {
            log: Arc::clone(self),
            step: step.into(),
            last_error_line: Mutex::default(),
        }
    }

    /// Sends lines a moment after they were printed; never ends by itself.
    pub(crate) async fn keep_sending(&self) {
        loop {
            self.waiting.notified().await;
            pace::pause(GATHER).await;
            self.flush().await;
        }
    }

    /// Sends everything that gathered.
    pub(crate) async fn flush(&self) {
        let _turn = self.leaving.lock().await;
        let lines = {
            let mut state = self.state();
            state.bytes = 0;
            std::mem::take(&mut state.lines)
        };
        self.send(lines).await;
    }

    /// Sends the rest, and the end of a log that was too long, and says what was left out.
    pub(crate) async fn finish(&self) {
        self.flush().await;
        let (tail, lines, bytes) = {
            let mut state = self.state();
            (state.cap.take_tail(), state.cap.dropped_lines, state.cap.dropped_bytes)
        };
        let Some(first) = tail.front() else { return };
        let mut rest = Vec::with_capacity(tail.len() + 1);
        if lines > 0 {
            let text = format!("… {lines} lines ({}) are left out here …", size_in_words(bytes));
            rest.push(Line {
                step: Arc::clone(&first.step),
                stream: 's',
                at: first.at,
                text,
            });
        }
        rest.extend(tail);
        {
            let _turn = self.leaving.lock().await;
            self.send(rest).await;
        }
        if lines > 0 {
            let message = format!(
                "The log was too long: {lines} lines ({}) in it were left out.",
                size_in_words(bytes)
            );
            self.journal
                .event("log_truncated", message, Some(json!({"lines": lines, "bytes": bytes})));
        }
    }

    async fn send(&self, lines: Vec<Line>) {
        let mut lines = lines.into_iter().peekable();
        while let Some(first) = lines.peek() {
            let (step, at) = (Arc::clone(&first.step), first.at);
            let mut chunk = Chunk {
                at: Some(at),
                ..Chunk::default()
            };
            while let Some(line) = lines.next_if(|line| {
                line.step == step && (chunk.lines.is_empty() || chunk.lines.len() + line.text.len() < CHUNK_BYTES)
            }) {
                if !chunk.streams.is_empty() {
                    chunk.lines.push('\n');
                }
                chunk.lines.push_str(&line.text);
                chunk.streams.push(line.stream);
                let offset = (line.at - at).num_milliseconds();
                chunk.offsets_ms.push(i32::try_from(offset).unwrap_or(i32::MAX));
            }
            self.journal.log(&step, chunk).await;
        }
    }

    /// Takes a line; waits when lines come faster than they leave.
    async fn take(&self, line: Line) {
        let full = {
            let mut state = self.state();
            let notice = (Arc::clone(&line.step), line.at);
            match state.cap.judge(line) {
                Verdict::Keep(line) => state.push(line),
                Verdict::JustFull => {
                    let (step, at) = notice;
                    let text = "The log is very long: from here on only its end is kept.".to_owned();
                    state.push(Line {
                        step,
                        stream: 's',
                        at,
                        text,
                    });
                }
                Verdict::Wait => {}
            }
            state.bytes >= CHUNK_BYTES
        };
        if full {
            self.flush().await;
        } else {
            self.waiting.notify_one();
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn push(&mut self, line: Line) {
        self.bytes += line.text.len() + 1;
        self.lines.push(line);
    }
}

impl StepLog {
    /// Adds what a program printed, one line without its line end.
    pub(crate) async fn line(&self, stream: char, text: &str) {
        let mask = self.log.journal.mask();
        let shown = showable(&mask, text);
        if stream == 'e' && !shown.trim().is_empty() {
            *self.last_error_line.lock().unwrap_or_else(PoisonError::into_inner) = Some(shown.clone().into_owned());
        }
        for part in split(&shown) {
            let line = Line {
                step: Arc::clone(&self.step),
                stream,
                at: self.log.journal.clock().now(),
                text: part.to_owned(),
            };
            self.log.take(line).await;
        }
    }

    /// Adds a line of Runboard itself.
    pub async fn say(&self, text: &str) {
        self.line('s', text).await;
    }

    /// The last line on standard error that was not empty.
    pub fn last_error_line(&self) -> Option<String> {
        self.last_error_line
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Bytes of an unfinished line that must not be shown yet, because a secret may begin in them.
    pub(super) fn undecided_bytes(&self) -> usize {
        self.log.journal.mask().longest().saturating_sub(1)
    }

    /// Where an unfinished line may be cut, at `at` or before, so that no secret is cut in two.
    pub(super) fn cut(&self, text: &str, at: usize) -> usize {
        self.log.journal.mask().cut(text, at)
    }
}

/// Parts of at most [`LINE_BYTES`], cut between characters.
fn split(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest.take()?;
        if text.len() <= LINE_BYTES {
            return Some(text);
        }
        let (part, after) = text.split_at(text.floor_char_boundary(LINE_BYTES));
        rest = Some(after);
        Some(part)
    })
}

fn size_in_words(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} bytes"),
        1024..1_048_576 => format!("{:.1} KiB", bytes as f64 / 1024.0),
        _ => format!("{:.1} MiB", bytes as f64 / 1_048_576.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{held::Lease, journal::RunClock, writer::Writer};
    use chrono::DateTime;
    use db::queue::Write;

    fn log(
        limits: LogLimits,
    ) -> (
        Arc<RunLog>,
        tokio::sync::mpsc::UnboundedReceiver<Vec<crate::writer::Item>>,
    ) {
        let (writer, written) = Writer::recorded();
        let clock = RunClock::starting_at(DateTime::UNIX_EPOCH);
        let journal = Journal::new(Arc::new(Lease::new("run_1", 7)), writer, clock);
        journal.hide([&"hunter2".to_owned()]);
        (RunLog::new(Arc::new(journal), limits), written)
    }

    fn sent(written: &mut tokio::sync::mpsc::UnboundedReceiver<Vec<crate::writer::Item>>) -> Vec<Write> {
        std::iter::from_fn(|| written.try_recv().ok())
            .flatten()
            .map(|item| item.write)
            .collect()
    }

    #[tokio::test]
    async fn lines_leave_in_order_with_their_streams_and_without_secrets() {
        let (log, mut written) = log(LogLimits::default());
        let step = log.step("a");
        step.line('o', "one").await;
        step.line('e', "two hunter2\0").await;
        step.line('o', "").await;
        log.finish().await;
        let writes = sent(&mut written);
        let Write::Log {
            step: name,
            seq,
            lines,
            streams,
            offsets_ms,
            ..
        } = &writes[0]
        else {
            panic!("a chunk")
        };
        assert_eq!((name.as_str(), *seq, lines.as_str()), ("a", 1, "one\ntwo ***\n"));
        assert_eq!(streams.as_deref(), Some("oeo"));
        assert_eq!(offsets_ms.as_ref().unwrap().len(), 3);
        assert_eq!(step.last_error_line().as_deref(), Some("two ***"));
    }

    #[tokio::test]
    async fn chunks_stay_small_and_long_lines_are_split() {
        let (log, mut written) = log(LogLimits::default());
        let step = log.step("a");
        step.line('o', &"ä".repeat(30_000)).await;
        for _ in 0..100 {
            step.line('o', &"x".repeat(1000)).await;
        }
        log.finish().await;
        let mut total = 0;
        for write in sent(&mut written) {
            let Write::Log { lines, streams, .. } = write else {
                panic!("a chunk")
            };
            assert!(lines.len() <= CHUNK_BYTES, "{}", lines.len());
            assert!(lines.lines().all(|line| line.len() <= LINE_BYTES));
            assert_eq!(lines.split('\n').count(), streams.unwrap().len());
            total += lines.replace('\n', "").len();
        }
        assert_eq!(total, 160_000);
    }

    #[tokio::test]
    async fn a_flood_says_what_was_left_out() {
        let (log, mut written) = log(LogLimits {
            head_bytes: 100,
            tail_bytes: 30,
        });
        let step = log.step("a");
        for number in 100..200 {
            step.line('o', &format!("line {number}")).await;
        }
        log.finish().await;
        let writes = sent(&mut written);
        let text: String = writes
            .iter()
            .filter_map(|write| match write {
                Write::Log { lines, .. } => Some(format!("{lines}\n")),
                _ => None,
            })
            .collect();
        assert!(text.starts_with("line 100\n"), "{text}");
        assert!(
            text.contains("only its end is kept.\n… 86 lines (774 bytes) are left out here …\nline 197\n"),
            "{text}"
        );
        assert!(text.ends_with("line 199\n"), "{text}");
        let Some(Write::Events { events, .. }) = writes.last() else {
            panic!("an event")
        };
        assert_eq!(events[0].kind, "log_truncated");
        assert_eq!(events[0].data, Some(json!({"lines": 86, "bytes": 774})));
    }
}
