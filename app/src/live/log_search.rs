//! The search in a log: the server finds, the page goes from hit to hit.

use super::log::LogStore;
use crate::api::search_log;
use crate::views::{LogHits, Sent};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// What was found; cheap to copy.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LogSearch {
    /// The lines found so far.
    hits: RwSignal<LogHits>,
    /// Whether an answer came for the present text.
    is_told: RwSignal<bool>,
}

impl LogSearch {
    /// Starts from what the server found.
    pub(super) fn new(hits: LogHits) -> Self {
        Self {
            hits: RwSignal::new(hits),
            is_told: RwSignal::new(true),
        }
    }

    /// `2 of 31`, `1,000+ lines`, `No line`; nothing while nothing is searched.
    pub(crate) fn in_words(self, text: &str, at: i64) -> String {
        let hits = self.hits.read();
        if text.is_empty() {
            return String::new();
        }
        if !self.is_told.get() {
            return "Searching…".to_owned();
        }
        let (count, plus) = (hits.lines.len(), if hits.has_more { "+" } else { "" });
        match hits.lines.iter().position(|line| *line == at) {
            _ if count == 0 => "No line".to_owned(),
            Some(place) => format!("{} of {count}{plus}", place + 1),
            None if count == 1 => "1 line".to_owned(),
            None => format!("{count}{plus} lines"),
        }
    }

    /// The hit after `at`, or before it; around the ends it goes on at the other.
    pub(crate) fn neighbour(self, at: i64, by: i32) -> Option<i64> {
        let hits = self.hits.read_untracked();
        if by > 0 {
            hits.lines
                .iter()
                .find(|line| **line > at)
                .or(hits.lines.first())
                .copied()
        } else {
            hits.lines
                .iter()
                .rfind(|line| **line < at)
                .or(hits.lines.last())
                .copied()
        }
    }
}

impl LogStore {
    /// Searches `text` and goes to the first hit from the window on, or the last one before it.
    pub(crate) fn find(self, text: String) {
        self.ask.update(|ask| ask.text.clone_from(&text));
        self.look.update(|look| look.text = text);
        self.search_from(1);
    }

    /// Goes to the next hit (`by` 1) or the previous (-1).
    pub(crate) fn step_hit(self, by: i32) {
        let (at, _) = self.look.read_untracked().marked;
        let is_last = self
            .search
            .hits
            .read_untracked()
            .lines
            .last()
            .is_some_and(|last| *last <= at);
        if by > 0 && is_last && self.search.hits.read_untracked().has_more {
            self.search_from(at + 1);
        } else if let Some(line) = self.search.neighbour(at, by) {
            self.show(line, line);
        }
    }

    /// Searches again what is searched, after other lines are shown.
    pub(crate) fn search_from(self, from: i64) {
        let ask = self.ask.get_untracked();
        if ask.text.is_empty() {
            self.search.hits.set(LogHits::default());
            return;
        }
        self.search.is_told.set(false);
        let run_id = self.run_id.get_value();
        spawn_local(async move {
            let answer = search_log(run_id, ask.clone(), from).await;
            if self.search.is_told.try_set(true).is_some() || self.ask.get_untracked() != ask {
                return;
            }
            let Ok(Sent(found)) = answer else { return };
            let first = found.lines.iter().find(|line| **line >= self.bounds_untracked().0);
            let goal = if from > 1 {
                found.lines.first()
            } else {
                first.or(found.lines.last())
            }
            .copied();
            self.search.hits.update(|hits| {
                if from == 1 {
                    hits.lines.clear();
                }
                hits.lines.extend(found.lines);
                hits.has_more = found.has_more;
            });
            if let Some(line) = goal {
                self.show(line, line);
            }
        });
    }

    fn bounds_untracked(self) -> (i64, i64) {
        untrack(|| self.bounds())
    }
}
