//! The geometry of the last sixty minutes; pure, drawn by [`crate::components::Chart`].
//!
//! Everything is counted in tenths of a drawing unit: whole numbers need no code for writing fractions.

use crate::time;
use crate::views::MinuteView;

/// Width of the drawing, in tenths.
pub(crate) const WIDTH: i64 = 7200;
/// Height of the drawing, in tenths.
pub(crate) const HEIGHT: i64 = 920;
/// A minute, in milliseconds.
pub(crate) const MINUTE: i64 = 60_000;
/// Room kept free on top.
const HEADROOM: i64 = 60;
/// Room between two bars, half of it on each side.
const GAP: i64 = 30;
/// A count that is not zero is at least this high, so that it shows.
const LEAST: i64 = 20;

/// A bar of one minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bar {
    /// Left edge.
    pub(crate) x: i64,
    /// Width.
    pub(crate) width: i64,
    /// Top of what finished.
    pub(crate) finished_y: i64,
    /// Height of what finished; 0 means none.
    pub(crate) finished_height: i64,
    /// Top of what failed.
    pub(crate) failed_y: i64,
    /// Height of what failed; 0 means none.
    pub(crate) failed_height: i64,
}

/// The whole drawing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Drawing {
    /// One bar per minute.
    pub(crate) bars: Vec<Bar>,
    /// Points of the queue depth line, as SVG wants them.
    pub(crate) depth: String,
    /// Most runs ended in one minute.
    pub(crate) most_ended: i64,
    /// Deepest queue.
    pub(crate) deepest: i64,
}

/// A queue no deeper than this fills only its part of the height: one run that waited is no mountain.
const SHALLOW: i64 = 4;

/// Lays out `minutes`. Bars and line have scales of their own, each from 0.
pub(crate) fn draw(minutes: &[MinuteView]) -> Drawing {
    let most_ended = minutes
        .iter()
        .map(|minute| minute.finished + minute.failed)
        .max()
        .unwrap_or(0);
    let deepest = minutes.iter().map(|minute| minute.queue_depth).max().unwrap_or(0);
    let slot = WIDTH / (minutes.len().max(1) as i64);
    let bars = minutes
        .iter()
        .enumerate()
        .map(|(at, minute)| bar(at as i64 * slot, slot, minute, most_ended))
        .collect();
    let points: Vec<String> = minutes
        .iter()
        .enumerate()
        .map(|(at, minute)| {
            let x = at as i64 * slot + slot / 2;
            format!("{x},{}", HEIGHT - 10 - height(minute.queue_depth, deepest.max(SHALLOW)))
        })
        .collect();
    Drawing {
        bars,
        depth: points.join(" "),
        most_ended,
        deepest,
    }
}

/// What the drawing says, in one sentence for those who do not see it.
pub(crate) fn in_words(minutes: &[MinuteView]) -> String {
    let finished: i64 = minutes.iter().map(|minute| minute.finished).sum();
    let failed: i64 = minutes.iter().map(|minute| minute.failed).sum();
    let waiting = minutes.last().map_or(0, |minute| minute.queue_depth);
    format!(
        "Last {} minutes: {finished} finished, {failed} failed, {waiting} waiting now.",
        minutes.len()
    )
}

/// Where the runs of the minutes from `one` to `other` are listed, whichever comes first.
pub(crate) fn runs_between(one: i64, other: i64) -> String {
    let minute = |at: i64| time::iso(at).split_at(16).0.to_owned();
    format!(
        "/runs?from={}&to={}",
        minute(one.min(other)),
        minute(one.max(other) + MINUTE)
    )
}

fn bar(left: i64, slot: i64, minute: &MinuteView, most: i64) -> Bar {
    let finished_height = height(minute.finished, most);
    let failed_height = height(minute.failed, most);
    let finished_y = HEIGHT - finished_height;
    Bar {
        x: left + GAP / 2,
        width: (slot - GAP).max(10),
        finished_y,
        finished_height,
        failed_y: finished_y - failed_height,
        failed_height,
    }
}

fn height(count: i64, most: i64) -> i64 {
    if count <= 0 || most <= 0 {
        return 0;
    }
    ((HEIGHT - HEADROOM) * count / most).max(LEAST)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minute(finished: i64, failed: i64, queue_depth: i64) -> MinuteView {
        MinuteView {
            at: 0,
            finished,
            failed,
            queue_depth,
        }
    }

    #[test]
    fn failures_stand_on_what_finished() {
        let drawing = draw(&[minute(3, 1, 0), minute(0, 0, 8)]);
        assert_eq!(
            drawing.bars[0],
            Bar {
                x: 15,
                width: 3570,
                finished_y: 275,
                finished_height: 645,
                failed_y: 60,
                failed_height: 215
            }
        );
        assert_eq!(drawing.bars[1].finished_height, 0);
        assert_eq!(drawing.depth, "1800,910 5400,50");
    }

    #[test]
    fn an_empty_hour_is_a_flat_line() {
        let drawing = draw(&vec![minute(0, 0, 0); 60]);
        assert_eq!(drawing.bars.len(), 60);
        assert!(drawing.depth.split(' ').all(|point| point.ends_with(",910")));
    }

    #[test]
    fn one_that_waits_is_a_small_step() {
        assert_eq!(draw(&[minute(0, 0, 1), minute(0, 0, 2)]).depth, "1800,695 5400,480");
    }

    #[test]
    fn nothing_at_all_draws_nothing() {
        assert!(draw(&[]).bars.is_empty());
    }

    #[test]
    fn a_single_failure_among_thousands_still_shows() {
        assert!(draw(&[minute(5000, 1, 0)]).bars[0].failed_height >= LEAST);
    }

    #[test]
    fn a_brush_asks_for_whole_minutes_whichever_way_it_went() {
        let asked = "/runs?from=1970-01-01T00:01&to=1970-01-01T00:03";
        assert_eq!(runs_between(MINUTE, 2 * MINUTE), asked);
        assert_eq!(runs_between(2 * MINUTE, MINUTE), asked);
    }

    #[test]
    fn the_chart_can_be_said() {
        assert_eq!(
            in_words(&[minute(3, 1, 0), minute(2, 0, 4)]),
            "Last 2 minutes: 5 finished, 1 failed, 4 waiting now."
        );
    }
}
