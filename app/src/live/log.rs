//! The log of an opened run: a window of at most [`MOST_LINES`] lines over a text of any length, of which lines of
//! other steps and quieter lines may be left out.

use super::log_search::LogSearch;
use crate::api::read_log;
use crate::log_text::{Block, Look, Typesetter};
use crate::views::{ChunkView, LogAsk, LogPartView, RunPageView, Sent};
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
    /// Which lines are shown, and which text is searched.
    pub(crate) ask: RwSignal<LogAsk>,
    /// What the search found.
    pub(crate) search: LogSearch,
    /// What is shown of each line.
    pub(crate) look: RwSignal<Look>,
    /// The line to bring into view; 0 when it is.
    pub(crate) goal: RwSignal<i64>,
    /// First and last line that the window has looked at, shown or left out.
    seen: RwSignal<(i64, i64)>,
    /// The run.
    pub(super) run_id: StoredValue<String>,
    typesetter: StoredValue<Typesetter>,
    /// Blocks that come in below, one a frame: many lines at once would hold up the page.
    coming: StoredValue<VecDeque<Block>>,
}

impl LogStore {
    /// Starts from what the server rendered: the last lines, unless the address names one.
    pub(crate) fn new(page: &RunPageView) -> Self {
        let (ask, part, marked) = (page.ask.clone(), &page.log, page.marked);
        let mut typesetter = Typesetter::default();
        let blocks = typesetter.blocks(&part.chunks, &ask, 1, i64::MAX);
        let look = Look {
            begin: page.detail.run.started_at.unwrap_or(page.detail.run.created_at),
            text: ask.text.clone(),
            marked,
            ..Look::default()
        };
        Self {
            follow: RwSignal::new(marked.0 == 0),
            blocks: RwSignal::new(blocks.into()),
            coming: StoredValue::new(VecDeque::new()),
            newest: RwSignal::new(page.detail.log_line_count.max(part.last)),
            busy: RwSignal::new(false),
            ask: RwSignal::new(ask),
            search: LogSearch::new(page.hits.clone()),
            look: RwSignal::new(look),
            goal: RwSignal::new(marked.0),
            seen: RwSignal::new((part.first, part.last)),
            run_id: StoredValue::new(page.detail.run.id.clone()),
            typesetter: StoredValue::new(typesetter),
        }
    }

    /// First and last line the window has looked at; the last is before the first when there are none.
    pub(crate) fn bounds(self) -> (i64, i64) {
        self.seen.get()
    }

    /// Lines that came after the last one shown.
    pub(crate) fn unseen(self) -> i64 {
        (self.newest.get() - self.seen.get().1).max(0)
    }

    /// Takes in chunks of the live stream. Where the end is not shown, lines are only counted.
    pub(crate) fn append(self, chunks: &[ChunkView]) {
        let (Some(front), Some(back)) = (chunks.first(), chunks.last()) else {
            return;
        };
        let end = back.first_line + back.lines.matches('\n').count() as i64;
        self.hear_of(end);
        let (_, last) = self.seen.get_untracked();
        let joins = front.first_line <= last + 1;
        if joins && (self.follow.get_untracked() || self.count() < MOST_LINES) {
            self.add(chunks, (front.first_line, end), Edge::Newer);
        } else if self.follow.get_untracked() {
            self.keep_up();
        }
    }

    /// Learns how many lines there are.
    pub(crate) fn hear_of(self, line_count: i64) {
        if line_count > self.newest.get_untracked() {
            self.newest.set(line_count);
        }
        let (_, last) = self.seen.get_untracked();
        // A few lines more are on their way; many more were missed.
        if self.follow.get_untracked() && line_count - last > STRIDE {
            self.keep_up();
        }
    }

    /// Reads what was printed while nobody listened.
    pub(crate) fn catch_up(self) {
        let (_, last) = self.seen.get_untracked();
        if last >= self.newest.get_untracked() {
            self.read(last + 1, Edge::Newer);
        } else if self.follow.get_untracked() {
            self.keep_up();
        }
    }

    /// Reads the lines before the first one shown.
    pub(crate) fn read_older(self) {
        let (first, _) = self.seen.get_untracked();
        if first > 1 {
            self.read(first - 1, Edge::Older);
        }
    }

    /// Reads the lines after the last one shown.
    pub(crate) fn read_newer(self) {
        let (_, last) = self.seen.get_untracked();
        if last < self.newest.get_untracked() {
            self.read(last + 1, Edge::Newer);
        }
    }

    /// Goes to the newest line and stays there.
    pub(crate) fn jump_to_newest(self) {
        self.follow.set(true);
        self.keep_up();
    }

    /// Brings `line` into view and marks it up to `to`, reading what is around it when it is not there.
    pub(crate) fn show(self, line: i64, to: i64) {
        self.follow.set(false);
        self.look.update(|look| look.marked = (line, to));
        let (first, last) = self.seen.get_untracked();
        self.goal.set(line);
        if line < first || line > last {
            self.read((line - STRIDE / 2).max(1), Edge::Instead);
        }
    }

    /// Shows other lines: those around the marked ones, or the newest.
    pub(crate) fn show_only(self, ask: LogAsk) {
        self.look.update(|look| look.text.clone_from(&ask.text));
        self.ask.set(ask);
        let (marked, _) = self.look.read_untracked().marked;
        if self.follow.get_untracked() || marked == 0 {
            self.read(self.newest.get_untracked(), Edge::Tail);
        } else {
            self.read((marked - STRIDE / 2).max(1), Edge::Instead);
        }
    }

    /// Reads on to the newest line; when that is far, only the lines before it.
    fn keep_up(self) {
        let newest = self.newest.get_untracked();
        let (_, last) = self.seen.get_untracked();
        if newest - last > STRIDE {
            self.read(newest, Edge::Tail);
        } else {
            self.read_newer();
        }
    }

    fn count(self) -> i64 {
        lines_in(&self.blocks.read_untracked())
    }

    fn read(self, from: i64, edge: Edge) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        let (run_id, ask) = (self.run_id.get_value(), self.ask.get_untracked());
        let back = matches!(edge, Edge::Older | Edge::Tail);
        spawn_local(async move {
            let answer = read_log(run_id, ask.clone(), from, back, STRIDE).await;
            // The page may have been left while the answer was on its way.
            let is_here = self.busy.try_set(false).is_none();
            if let (true, Ok(Sent(part))) = (is_here, answer) {
                if self.ask.get_untracked() != ask {
                    self.show_only(self.ask.get_untracked());
                    return;
                }
                let LogPartView { chunks, first, last } = part;
                let has_grown = self.add(&chunks, (first, last), edge);
                let (marked, _) = self.look.read_untracked().marked;
                if edge == Edge::Instead && (first..=last).contains(&marked) {
                    self.goal.set(marked);
                }
                let goal = self.goal.get_untracked();
                if goal > 0 && !(first..=last).contains(&goal) {
                    // Somebody went elsewhere meanwhile; what is nowhere is not looked for twice.
                    if edge == Edge::Instead {
                        self.goal.set(0);
                    } else {
                        self.read((goal - STRIDE / 2).max(1), Edge::Instead);
                        return;
                    }
                }
                // What was printed meanwhile; without new lines there is nothing to wait for.
                if has_grown && edge != Edge::Older && self.follow.get_untracked() {
                    self.keep_up();
                }
            }
        });
    }

    /// Adds the lines of `chunks` that are not shown yet; whether anything new was looked at.
    fn add(self, chunks: &[ChunkView], (first, last): (i64, i64), edge: Edge) -> bool {
        let known = self.seen.get_untracked();
        let is_empty = known.1 < known.0;
        let (from, to) = match edge {
            _ if is_empty => (1, i64::MAX),
            Edge::Newer => (known.1 + 1, i64::MAX),
            Edge::Older => (1, known.0 - 1),
            Edge::Instead | Edge::Tail => (1, i64::MAX),
        };
        let ask = self.ask.get_untracked();
        let added = self
            .typesetter
            .try_update_value(|typesetter| typesetter.blocks(chunks, &ask, from, to))
            .unwrap_or_default();
        let mut seen = match edge {
            Edge::Newer | Edge::Older if !is_empty => (known.0.min(first), known.1.max(last)),
            _ => (first, last),
        };
        let has_grown = seen != known;
        if last > self.newest.get_untracked() {
            self.newest.set(last);
        }
        let coming = self.coming.try_update_value(std::mem::take).unwrap_or_default();
        if edge == Edge::Newer {
            self.seen.set(seen);
            self.queue(coming, added);
            return has_grown;
        }
        self.blocks.update(|blocks| {
            if edge == Edge::Older {
                blocks.extend(coming);
                added.into_iter().rev().for_each(|block| blocks.push_front(block));
            } else {
                *blocks = added.into();
            }
            trim(blocks, edge, &mut seen);
        });
        self.seen.set(seen);
        has_grown
    }

    /// Lets blocks come in below: the first now, unless others are on their way already.
    fn queue(self, mut coming: VecDeque<Block>, added: Vec<Block>) {
        let is_first = coming.is_empty();
        coming.extend(added);
        let is_flood = lines_in(&coming) > MOST_LINES;
        if is_flood {
            // Nobody would see the first of them, nor what stands before them.
            let mut seen = self.seen.get_untracked();
            trim(&mut coming, Edge::Newer, &mut seen);
            self.blocks.set(VecDeque::new());
            self.seen.set(seen);
        }
        self.coming.set_value(coming);
        if is_first {
            self.show_next();
        }
    }

    fn show_next(self) {
        let next = self
            .coming
            .try_update_value(|coming| (coming.pop_front(), coming.is_empty()));
        let Some((Some(block), is_last)) = next else { return };
        let mut seen = self.seen.get_untracked();
        self.blocks.update(|blocks| {
            blocks.push_back(block);
            trim(blocks, Edge::Newer, &mut seen);
        });
        self.seen.set(seen);
        if !is_last {
            request_animation_frame(move || self.show_next());
        }
    }
}

/// Where lines are added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Edge {
    /// Above.
    Older,
    /// Below.
    Newer,
    /// In place of all, from a line on.
    Instead,
    /// In place of all, back from a line.
    Tail,
}

fn lines_in(blocks: &VecDeque<Block>) -> i64 {
    blocks.iter().map(|block| block.lines.len() as i64).sum()
}

/// Drops whole blocks at the other end until the window is small enough.
fn trim(blocks: &mut VecDeque<Block>, added: Edge, seen: &mut (i64, i64)) {
    while lines_in(blocks) > MOST_LINES && blocks.len() > 1 {
        if added == Edge::Older {
            blocks.pop_back();
            seen.1 = blocks.back().map_or(seen.1, |block| block.last);
        } else {
            blocks.pop_front();
            seen.0 = blocks.front().map_or(seen.0, |block| block.first);
        }
    }
}
