//! The log of an opened run: a window of at most [`MOST_LINES`] lines over a text of any length.

use crate::api::read_log;
use crate::log_text::{Block, Typesetter};
use crate::views::{ChunkView, RunPageView, Sent};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::VecDeque;

/// Most lines the page holds.
pub(crate) const MOST_LINES: i64 = 2_000;
/// Lines read at once when a person scrolls to an edge.
const STRIDE: i64 = 500;

/// The window; cheap to copy.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LogStore {
    /// What is shown, in order.
    pub(crate) blocks: RwSignal<VecDeque<Block>>,
    /// Number of the newest line of the run that is known.
    pub(crate) newest: RwSignal<i64>,
    /// Whether the newest line is kept in view.
    pub(crate) follow: RwSignal<bool>,
    /// Whether a part is being read.
    pub(crate) busy: RwSignal<bool>,
    run_id: StoredValue<String>,
    typesetter: StoredValue<Typesetter>,
}

impl LogStore {
    /// Starts from the chunks the server rendered: the last ones, unless the address names a line.
    pub(crate) fn new(page: &RunPageView) -> Self {
        let mut typesetter = Typesetter::default();
        let block = typesetter.block(&page.log, 1, i64::MAX);
        let newest = page
            .detail
            .log_line_count
            .max(block.as_ref().map_or(0, |block| block.last));
        Self {
            follow: RwSignal::new(page.line.is_none()),
            blocks: RwSignal::new(block.into_iter().collect()),
            newest: RwSignal::new(newest),
            busy: RwSignal::new(false),
            run_id: StoredValue::new(page.detail.run.id.clone()),
            typesetter: StoredValue::new(typesetter),
        }
    }

    /// First and last line shown; `(1, 0)` when there are none.
    pub(crate) fn bounds(self) -> (i64, i64) {
        let blocks = self.blocks.read();
        let first = blocks.front().map_or(1, |block| block.first);
        (first, blocks.back().map_or(0, |block| block.last))
    }

    /// Lines that came after the last one shown.
    pub(crate) fn unseen(self) -> i64 {
        (self.newest.get() - self.bounds().1).max(0)
    }

    /// Takes in chunks of the live stream. Where the end is not shown, lines are only counted.
    pub(crate) fn append(self, chunks: &[ChunkView]) {
        let (Some(front), Some(back)) = (chunks.first(), chunks.last()) else {
            return;
        };
        self.hear_of(back.first_line + back.lines.matches('\n').count() as i64);
        let (first, last) = untrack(|| self.bounds());
        let joins = front.first_line <= last + 1;
        if joins && (self.follow.get_untracked() || last - first < MOST_LINES) {
            self.add(chunks, Edge::Newer);
        } else if self.follow.get_untracked() {
            self.keep_up();
        }
    }

    /// Learns how many lines there are.
    pub(crate) fn hear_of(self, line_count: i64) {
        if line_count > self.newest.get_untracked() {
            self.newest.set(line_count);
        }
        let (_, last) = untrack(|| self.bounds());
        // A few lines more are on their way; many more were missed.
        if self.follow.get_untracked() && line_count - last > STRIDE {
            self.keep_up();
        }
    }

    /// Reads what was printed while nobody listened.
    pub(crate) fn catch_up(self) {
        let (_, last) = untrack(|| self.bounds());
        if last >= self.newest.get_untracked() {
            self.read(last + 1, STRIDE, Edge::Newer);
        } else if self.follow.get_untracked() {
            self.keep_up();
        }
    }

    /// Reads the lines before the first one shown.
    pub(crate) fn read_older(self) {
        let (first, _) = untrack(|| self.bounds());
        if first > 1 {
            let from = (first - STRIDE).max(1);
            self.read(from, first - from, Edge::Older);
        }
    }

    /// Reads the lines after the last one shown.
    pub(crate) fn read_newer(self) {
        let (_, last) = untrack(|| self.bounds());
        if last < self.newest.get_untracked() {
            self.read(last + 1, STRIDE, Edge::Newer);
        }
    }

    /// Goes to the newest line and stays there.
    pub(crate) fn jump_to_newest(self) {
        self.follow.set(true);
        self.keep_up();
    }

    /// Reads on to the newest line; when that is far, only the lines before it.
    fn keep_up(self) {
        let newest = self.newest.get_untracked();
        let (_, last) = untrack(|| self.bounds());
        if newest - last > STRIDE {
            self.read((newest - STRIDE + 1).max(1), STRIDE, Edge::Instead);
        } else {
            self.read_newer();
        }
    }

    fn read(self, from: i64, lines: i64, edge: Edge) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        let run_id = self.run_id.get_value();
        spawn_local(async move {
            let answer = read_log(run_id, from, lines).await;
            // The page may have been left while the answer was on its way.
            let is_here = self.busy.try_set(false).is_none();
            if let (true, Ok(Sent(chunks))) = (is_here, answer) {
                let has_grown = self.add(&chunks, edge);
                // What was printed meanwhile; without new lines there is nothing to wait for.
                if has_grown && edge != Edge::Older && self.follow.get_untracked() {
                    self.keep_up();
                }
            }
        });
    }

    /// Adds the lines of `chunks` that are not shown yet; whether there were any.
    fn add(self, chunks: &[ChunkView], edge: Edge) -> bool {
        let (first, last) = untrack(|| self.bounds());
        let is_empty = self.blocks.read_untracked().is_empty();
        let (from, to) = match edge {
            _ if is_empty => (1, i64::MAX),
            Edge::Newer => (last + 1, i64::MAX),
            Edge::Older => (1, first - 1),
            Edge::Instead => (1, i64::MAX),
        };
        let block = self
            .typesetter
            .try_update_value(|typesetter| typesetter.block(chunks, from, to))
            .flatten();
        let Some(block) = block else { return false };
        if block.last > self.newest.get_untracked() {
            self.newest.set(block.last);
        }
        self.blocks.update(|blocks| {
            match edge {
                Edge::Newer => blocks.push_back(block),
                Edge::Older => blocks.push_front(block),
                Edge::Instead => *blocks = [block].into(),
            }
            trim(blocks, edge);
        });
        true
    }
}

/// Where lines are added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Edge {
    /// Above.
    Older,
    /// Below.
    Newer,
    /// In place of all.
    Instead,
}

/// Drops whole blocks at the other end until the window is small enough.
fn trim(blocks: &mut VecDeque<Block>, added: Edge) {
    let mut count: i64 = blocks.iter().map(|block| block.lines.len() as i64).sum();
    while count > MOST_LINES && blocks.len() > 1 {
        let dropped = if added == Edge::Newer {
            blocks.pop_front()
        } else {
            blocks.pop_back()
        };
        count -= dropped.map_or(0, |block| block.lines.len() as i64);
    }
}
