//! How much of a log is kept: its head and its end.

use chrono::{DateTime, Utc};
use std::{collections::VecDeque, sync::Arc};

/// How much of the log of one attempt is kept.
#[derive(Debug, Clone, Copy)]
pub struct LogLimits {
    /// Bytes from the start.
    pub head_bytes: usize,
    /// Bytes from the end, once the head is full.
    pub tail_bytes: usize,
}

impl Default for LogLimits {
    fn default() -> Self {
        Self {
            head_bytes: 8 * 1024 * 1024,
            tail_bytes: 256 * 1024,
        }
    }
}

/// One line as it was printed.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) step: Arc<str>,
    /// o standard output, e standard error, s Runboard itself.
    pub(super) stream: char,
    pub(super) at: DateTime<Utc>,
    pub(super) text: String,
}

/// Decides line by line.
#[derive(Debug)]
pub(super) struct Cap {
    head_left: usize,
    tail_bytes: usize,
    tail: VecDeque<Line>,
    tail_used: usize,
    full: bool,
    pub(super) dropped_lines: u64,
    pub(super) dropped_bytes: u64,
}

/// What becomes of a line.
#[derive(Debug)]
pub(super) enum Verdict {
    /// It leaves now.
    Keep(Line),
    /// The head is full with this line: from here on only the end is kept.
    JustFull,
    /// It waits at the end, where a later line may push it out.
    Wait,
}

impl Cap {
    pub(super) fn new(limits: LogLimits) -> Self {
        Self {
            head_left: limits.head_bytes,
            tail_bytes: limits.tail_bytes,
            tail: VecDeque::new(),
            tail_used: 0,
            full: false,
            dropped_lines: 0,
            dropped_bytes: 0,
        }
    }

    pub(super) fn judge(&mut self, line: Line) -> Verdict {
        let size = line.text.len() + 1;
        if !self.full && size <= self.head_left {
            self.head_left -= size;
            return Verdict::Keep(line);
        }
        self.tail_used += size;
        self.tail.push_back(line);
        while self.tail_used > self.tail_bytes {
            let Some(oldest) = self.tail.pop_front() else { break };
            let size = oldest.text.len() + 1;
            self.tail_used -= size;
            self.dropped_lines += 1;
            self.dropped_bytes += size as u64;
        }
        if std::mem::replace(&mut self.full, true) {
            Verdict::Wait
        } else {
            Verdict::JustFull
        }
    }

    /// The lines that waited at the end.
    pub(super) fn take_tail(&mut self) -> VecDeque<Line> {
        self.tail_used = 0;
        std::mem::take(&mut self.tail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_flood_the_head_and_the_end_are_kept_and_the_rest_is_counted() {
        let mut cap = Cap::new(LogLimits {
            head_bytes: 10,
            tail_bytes: 6,
        });
        let mut kept = Vec::new();
        for number in 0..10 {
            let line = Line {
                step: "a".into(),
                stream: 'o',
                at: DateTime::UNIX_EPOCH,
                text: number.to_string(),
            };
            if let Verdict::Keep(line) = cap.judge(line) {
                kept.push(line.text);
            }
        }
        assert_eq!(kept, ["0", "1", "2", "3", "4"]);
        let tail: Vec<String> = cap.take_tail().into_iter().map(|line| line.text).collect();
        assert_eq!(tail, ["7", "8", "9"]);
        assert_eq!((cap.dropped_lines, cap.dropped_bytes), (2, 4));
    }
}
