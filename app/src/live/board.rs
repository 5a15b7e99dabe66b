//! The board in the browser: one signal per run, order by lane, and nothing that moves under the pointer.

use super::wire::LiveEvent;
use crate::views::{BoardView, LaneOrder, LaneView, MinuteView, RunView, StripView, WorkerView};
use leptos::prelude::*;
use std::collections::{HashMap, HashSet};

/// What the board page shows; cheap to copy.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BoardStore {
    /// Numbers on top.
    pub(crate) strip: RwSignal<StripView>,
    /// The chart.
    pub(crate) minutes: RwSignal<Vec<MinuteView>>,
    /// Workers.
    pub(crate) workers: RwSignal<Vec<WorkerView>>,
    /// Lanes in order.
    pub(crate) lanes: StoredValue<Vec<LaneStore>>,
    runs: StoredValue<HashMap<String, ArcRwSignal<RunView>>>,
}

/// One lane of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LaneStore {
    /// The lane and its load.
    pub(crate) view: RwSignal<LaneView>,
    /// The order that is shown.
    pub(crate) shown: RwSignal<LaneOrder>,
    /// The order to show as soon as the pointer is gone.
    pub(crate) held_back: RwSignal<Option<LaneOrder>>,
    /// Whether the pointer is over the lane.
    hovered: StoredValue<bool>,
}

impl LaneStore {
    fn new(view: LaneView) -> Self {
        Self {
            shown: RwSignal::new(view.order.clone()),
            view: RwSignal::new(view),
            held_back: RwSignal::new(None),
            hovered: StoredValue::new(false),
        }
    }

    /// The pointer came or went.
    pub(crate) fn hover(self, inside: bool) {
        self.hovered.set_value(inside);
        if !inside {
            self.let_go();
        }
    }

    /// `3 new`: what is held back, counted when runs have come.
    pub(crate) fn held_words(self) -> String {
        let held = self.held_back.read();
        let Some(held) = held.as_ref() else {
            return String::new();
        };
        let shown = self.shown.read();
        let is_new = |id: &&String| !all(&shown).any(|known| known == *id);
        match all(held).filter(is_new).count() {
            0 => "Show changes".to_owned(),
            count => format!("{count} new"),
        }
    }

    /// Shows what was held back.
    pub(crate) fn let_go(self) {
        if let Some(order) = self.held_back.get_untracked() {
            self.held_back.set(None);
            self.shown.set(order);
        }
    }

    fn apply(self, lane: LaneView) {
        let order = lane.order.clone();
        self.view.set(lane);
        if self.shown.with_untracked(|shown| *shown == order) {
            self.held_back.set(None);
        } else if self.hovered.get_value() {
            self.held_back.set(Some(order));
        } else {
            self.shown.set(order);
        }
    }
}

impl BoardStore {
    /// Starts from what the server rendered.
    pub(crate) fn new(board: BoardView) -> Self {
        Self {
            strip: RwSignal::new(board.strip),
            minutes: RwSignal::new(board.minutes),
            workers: RwSignal::new(board.workers),
            lanes: StoredValue::new(board.lanes.into_iter().map(LaneStore::new).collect()),
            runs: StoredValue::new(
                board
                    .runs
                    .into_iter()
                    .map(|run| (run.id.clone(), ArcRwSignal::new(run)))
                    .collect(),
            ),
        }
    }

    /// A run by id.
    pub(crate) fn run(self, id: &str) -> Option<ArcRwSignal<RunView>> {
        self.runs.with_value(|runs| runs.get(id).cloned())
    }

    /// Takes in one event of the topic `board`.
    pub(crate) fn apply(self, event: &LiveEvent) {
        match event {
            LiveEvent::Run(changed) => changed.rows.iter().for_each(|run| self.upsert(run)),
            LiveEvent::Lane(changed) => {
                for row in &changed.rows {
                    let lane = self.lanes.with_value(|lanes| {
                        lanes
                            .iter()
                            .copied()
                            .find(|lane| lane.view.with_untracked(|view| view.name == row.name))
                    });
                    if let Some(lane) = lane {
                        lane.apply(row.clone());
                    }
                }
                self.forget();
            }
            LiveEvent::Strip(strip) => set_if_changed(self.strip, strip),
            LiveEvent::Minutes(changed) => set_if_changed(self.minutes, &changed.rows),
            LiveEvent::Worker(changed) => set_if_changed(self.workers, &changed.rows),
            _ => {}
        }
    }

    fn upsert(self, run: &RunView) {
        match self.run(&run.id) {
            Some(known) => {
                let is_newer = known.with_untracked(|known| run.version >= known.version && run != known);
                if is_newer {
                    known.set(run.clone());
                }
            }
            None => self.runs.update_value(|runs| {
                runs.insert(run.id.clone(), ArcRwSignal::new(run.clone()));
            }),
        }
    }

    /// Drops the runs that no lane names any more, so that an open tab does not grow for days.
    fn forget(self) {
        let mut named = HashSet::new();
        let mut keep = |order: &LaneOrder| {
            named.extend(all(order).cloned());
        };
        self.lanes.with_value(|lanes| {
            for lane in lanes {
                lane.shown.with_untracked(&mut keep);
                lane.view.with_untracked(|view| keep(&view.order));
            }
        });
        self.runs.update_value(|runs| runs.retain(|id, _| named.contains(id)));
    }
}

fn all(order: &LaneOrder) -> impl Iterator<Item = &String> {
    order.running.iter().chain(&order.next).chain(&order.last)
}

fn set_if_changed<T: PartialEq + Clone + Send + Sync + 'static>(signal: RwSignal<T>, value: &T) {
    if signal.with_untracked(|known| known != value) {
        signal.set(value.clone());
    }
}
