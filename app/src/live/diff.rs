//! What changed between two readings of the board.

use super::wire::{LaneRows, LiveEvent, MinuteRows, RunRows, WorkerRows};
use crate::views::{BoardView, RunView};
use std::collections::HashMap;

/// The events that bring a reader of `before` to `after`; all of the board when there is no `before`.
pub fn board_events(before: Option<&BoardView>, after: &BoardView) -> Vec<LiveEvent> {
    let mut events = Vec::new();
    let known: HashMap<&str, &RunView> = before
        .iter()
        .flat_map(|board| &board.runs)
        .map(|run| (run.id.as_str(), run))
        .collect();
    let runs = changed(&after.runs, |run| known.get(run.id.as_str()) == Some(&run));
    if !runs.is_empty() {
        events.push(LiveEvent::Run(RunRows { rows: runs }));
    }
    let lanes = changed(&after.lanes, |lane| {
        before.is_some_and(|board| board.lanes.contains(lane))
    });
    if !lanes.is_empty() {
        events.push(LiveEvent::Lane(LaneRows { rows: lanes }));
    }
    if before.is_none_or(|board| board.strip != after.strip) {
        events.push(LiveEvent::Strip(after.strip.clone()));
    }
    if before.is_none_or(|board| board.minutes != after.minutes) {
        events.push(LiveEvent::Minutes(MinuteRows {
            rows: after.minutes.clone(),
        }));
    }
    if before.is_none_or(|board| board.workers != after.workers) {
        events.push(LiveEvent::Worker(WorkerRows {
            rows: after.workers.clone(),
        }));
    }
    events
}

fn changed<T: Clone>(rows: &[T], is_known: impl Fn(&T) -> bool) -> Vec<T> {
    rows.iter().filter(|row| !is_known(row)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::StripView;

    fn board(running: i64) -> BoardView {
        BoardView {
            server_time: running,
            strip: StripView {
                running,
                ..StripView::default()
            },
            minutes: Vec::new(),
            lanes: Vec::new(),
            runs: Vec::new(),
            workers: Vec::new(),
        }
    }

    #[test]
    fn a_new_reader_gets_the_whole_board() {
        let names: Vec<_> = board_events(None, &board(1)).iter().map(LiveEvent::name).collect();
        assert_eq!(names, ["strip", "minutes", "worker"]);
    }

    #[test]
    fn a_board_that_only_grew_older_says_nothing() {
        let mut later = board(1);
        later.server_time = 99;
        assert!(board_events(Some(&board(1)), &later).is_empty());
    }

    #[test]
    fn only_what_changed_is_said() {
        let names: Vec<_> = board_events(Some(&board(1)), &board(2))
            .iter()
            .map(LiveEvent::name)
            .collect();
        assert_eq!(names, ["strip"]);
    }
}
