//! The geometry of the last sixty minutes; pure, drawn by [`crate::components::chart`].

use crate::views::MinuteView;

/// Width of the drawing.
pub(crate) const WIDTH: i64 = 720;
/// Height of the drawing.
pub(crate) const HEIGHT: i64 = 92;
/// Room kept free on top.
const HEADROOM: i64 = 6;

/// A bar of one minute, in drawing units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Bar {
    /// Left edge.
    pub(crate) x: f64,
    /// Width.
    pub(crate) width: f64,
    /// Top of what finished.
    pub(crate) finished_y: f64,
    /// Height of what finished; 0 means none.
    pub(crate) finished_height: f64,
    /// Top of what failed.
    pub(crate) failed_y: f64,
    /// Height of what failed; 0 means none.
    pub(crate) failed_height: f64,
}

/// The whole drawing.
#[derive(Debug, Clone, PartialEq)]
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

/// Lays out `minutes`. Bars and line have scales of their own, each from 0.
pub(crate) fn draw(minutes: &[MinuteView]) -> Drawing {
    let most_ended = minutes
        .iter()
        .map(|minute| minute.finished + minute.failed)
        .max()
        .unwrap_or(0);
    let deepest = minutes.iter().map(|minute| minute.queue_depth).max().unwrap_or(0);
    let slot = WIDTH as f64 / minutes.len().max(1) as f64;
    let bars = minutes
        .iter()
        .enumerate()
        .map(|(at, minute)| bar(at, slot, minute, most_ended))
        .collect();
    let points: Vec<String> = minutes
        .iter()
        .enumerate()
        .map(|(at, minute)| {
            let x = (at as f64 + 0.5) * slot;
            let y = HEIGHT as f64 - 1.0 - height(minute.queue_depth, deepest);
            format!("{x:.1},{y:.1}")
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

fn bar(at: usize, slot: f64, minute: &MinuteView, most: i64) -> Bar {
    let finished_height = height(minute.finished, most);
    let failed_height = height(minute.failed, most);
    let finished_y = HEIGHT as f64 - finished_height;
    Bar {
        x: round(at as f64 * slot + 1.0),
        width: round((slot - 3.0).max(1.0)),
        finished_y: round(finished_y),
        finished_height: round(finished_height),
        failed_y: round(finished_y - failed_height),
        failed_height: round(failed_height),
    }
}

/// A count that is not zero is at least two units high, so that it shows.
fn height(count: i64, most: i64) -> f64 {
    if count <= 0 || most <= 0 {
        return 0.0;
    }
    ((HEIGHT - HEADROOM) as f64 * count as f64 / most as f64).max(2.0)
}

/// One decimal is enough for pixels and keeps the page small.
fn round(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
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
        let drawing = draw(&[minute(3, 1, 0), minute(0, 0, 2)]);
        assert_eq!(
            drawing.bars[0],
            Bar {
                x: 1.0,
                width: 357.0,
                finished_y: 27.5,
                finished_height: 64.5,
                failed_y: 6.0,
                failed_height: 21.5
            }
        );
        assert!(drawing.bars[1].finished_height < f64::EPSILON);
        assert_eq!(drawing.depth, "180.0,91.0 540.0,5.0");
    }

    #[test]
    fn an_empty_hour_is_a_flat_line() {
        let drawing = draw(&vec![minute(0, 0, 0); 60]);
        assert_eq!(drawing.bars.len(), 60);
        assert!(drawing.depth.split(' ').all(|point| point.ends_with(",91.0")));
    }

    #[test]
    fn nothing_at_all_draws_nothing() {
        assert!(draw(&[]).bars.is_empty());
    }

    #[test]
    fn a_single_failure_among_thousands_still_shows() {
        assert!(draw(&[minute(5000, 1, 0)]).bars[0].failed_height >= 2.0);
    }

    #[test]
    fn the_chart_can_be_said() {
        assert_eq!(
            in_words(&[minute(3, 1, 0), minute(2, 0, 4)]),
            "Last 2 minutes: 5 finished, 1 failed, 4 waiting now."
        );
    }
}
