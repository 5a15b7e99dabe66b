//! The last events, numbered, for those who come back.

use super::Topic;
use crate::random::random_hex;
use app::live::wire::LiveEvent;
use bytes::Bytes;
use std::{collections::VecDeque, fmt::Write};

/// Events kept at most.
const EVENTS: usize = 2048;
/// Bytes kept at most: log lines can be long.
const BYTES: usize = 16 * 1024 * 1024;

/// One event as it goes out.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) seq: i64,
    /// Who hears it; `None` is everybody.
    pub(super) topic: Option<Topic>,
    /// The lines of the stream, made once for all connections.
    pub(super) frame: Bytes,
}

/// Numbers events and keeps the last of them.
#[derive(Debug)]
pub(super) struct Ring {
    /// Numbers of another process life mean other events.
    boot: String,
    seq: i64,
    entries: VecDeque<Entry>,
    bytes: usize,
}

impl Ring {
    pub(super) fn new() -> Self {
        Self {
            boot: random_hex::<4>(),
            seq: 0,
            entries: VecDeque::new(),
            bytes: 0,
        }
    }

    /// Number of the newest event.
    pub(super) fn seq(&self) -> i64 {
        self.seq
    }

    /// Keeps an event under the next number.
    pub(super) fn push(&mut self, topic: Option<Topic>, event: &LiveEvent) -> Entry {
        self.seq += 1;
        let id = format!("id: {}-{}\n", self.boot, self.seq);
        let entry = Entry {
            seq: self.seq,
            topic,
            frame: frame(&id, event),
        };
        self.bytes += entry.frame.len();
        self.entries.push_back(entry.clone());
        while self.entries.len() > EVENTS || self.bytes > BYTES {
            let Some(oldest) = self.entries.pop_front() else { break };
            self.bytes -= oldest.frame.len();
        }
        entry
    }

    /// The event under the number of the newest one: who heard it has heard everything before.
    pub(super) fn closing_frame(&self, event: &LiveEvent) -> Bytes {
        frame(&format!("id: {}-{}\n", self.boot, self.seq), event)
    }

    /// Everything after the event `since`, or `None` when some of it is gone.
    pub(super) fn after(&self, since: &str) -> Option<impl Iterator<Item = &Entry>> {
        let (boot, seq) = since.split_once('-')?;
        let seq: i64 = seq.parse().ok()?;
        let oldest_known = self.entries.front().map_or(self.seq, |entry| entry.seq - 1);
        let is_known = boot == self.boot && (oldest_known..=self.seq).contains(&seq);
        is_known.then(|| self.entries.iter().filter(move |entry| entry.seq > seq))
    }
}

/// An event without a number: who heard only this must not claim to have heard what came before.
pub(super) fn unnumbered(event: &LiveEvent) -> Bytes {
    frame("", event)
}

fn frame(id: &str, event: &LiveEvent) -> Bytes {
    let mut text = String::from(id);
    // Writing to a String cannot fail.
    let _ = write!(text, "event: {}\ndata: {}\n\n", event.name(), event.data());
    Bytes::from(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(events: usize) -> Ring {
        let mut ring = Ring::new();
        for _ in 0..events {
            ring.push(Some(Topic::Board), &LiveEvent::Gap {});
        }
        ring
    }

    fn count_after(ring: &Ring, seq: i64) -> Option<usize> {
        ring.after(&format!("{}-{seq}", ring.boot)).map(Iterator::count)
    }

    #[test]
    fn who_comes_back_hears_what_came_after_and_nothing_twice() {
        let ring = filled(10);
        assert_eq!(count_after(&ring, 7), Some(3));
        assert_eq!(count_after(&ring, 10), Some(0));
        assert_eq!(count_after(&ring, 0), Some(10));
    }

    #[test]
    fn who_comes_back_too_late_or_from_another_life_is_told() {
        let ring = filled(EVENTS + 10);
        assert_eq!(count_after(&ring, 10), Some(EVENTS));
        assert_eq!(count_after(&ring, 9), None);
        assert_eq!(count_after(&ring, 99_999), None);
        assert!(ring.after("other-5").is_none());
        assert!(ring.after("").is_none());
    }
}
