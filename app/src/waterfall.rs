//! Where the bars of steps stand in time; pure, drawn by [`crate::components::waterfall`].
//!
//! Between two attempts nothing happens, often for long. Such times are drawn short, so that what happened is seen.

use crate::views::{AttemptView, PlanStepView, StepView};
use domain::StepStatus;

/// Longer than a tenth of the busy time is drawn as a tenth of it.
const LONGEST_IDLE: i64 = 10;

/// A row of the waterfall: an attempt, one step in one try, or a step that is only planned.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    /// What people call it.
    pub(crate) title: String,
    /// Id in the template; empty for an attempt.
    pub(crate) step: String,
    /// What the row is.
    pub(crate) what: What,
    /// Left edge, thousandths of the whole span.
    pub(crate) left: i64,
    /// Width, thousandths of the whole span.
    pub(crate) width: i64,
    /// How long it took, or takes.
    pub(crate) took: Option<i64>,
}

/// What a row of the waterfall is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum What {
    /// A try of the run, and how it ended.
    Attempt(String),
    /// A step in an attempt; its try inside it, from 1.
    Step(StepStatus, i32),
    /// A step that has not begun.
    Planned,
}

/// The rows, and where idle time was drawn short: place in thousandths and its length.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Layout {
    /// Attempt by attempt, then what is planned.
    pub(crate) rows: Vec<Row>,
    /// Cuts in the axis.
    pub(crate) cuts: Vec<(i64, i64)>,
}

/// Lays out `steps` up to `now`, under their attempts when there are several, then what is planned and has not begun.
pub(crate) fn layout(steps: &[StepView], attempts: &[AttemptView], plan: &[PlanStepView], now: i64) -> Layout {
    let attempts = if attempts.len() > 1 { attempts } else { &[] };
    let axis = Axis::of(steps, attempts, now);
    let mut rows = Vec::new();
    let mut listed = Vec::new();
    for attempt in attempts {
        let span = Some((attempt.claimed_at, attempt.ended_at.unwrap_or(now)));
        let (left, width) = axis.place(span);
        rows.push(Row {
            title: format!("Attempt {} on {}", attempt.attempt, attempt.worker),
            step: String::new(),
            what: What::Attempt(attempt.outcome.clone()),
            left,
            width,
            took: span.map(|(from, to)| to - from),
        });
        for (at, step) in steps.iter().enumerate() {
            if step.lease_seq == attempt.lease_seq {
                listed.push(at);
                rows.push(row(step, &axis, now));
            }
        }
    }
    // Steps of no attempt came with the run: a rerun keeps what the earlier run did.
    let others = steps.iter().enumerate().filter(|(at, _)| !listed.contains(at));
    let others: Vec<Row> = others.map(|(_, step)| row(step, &axis, now)).collect();
    rows.splice(0..0, others);
    let planned = plan
        .iter()
        .filter(|planned| !steps.iter().any(|step| step.step == planned.id));
    rows.extend(planned.map(|planned| Row {
        title: planned.title.clone(),
        step: planned.id.clone(),
        what: What::Planned,
        left: 0,
        width: 0,
        took: None,
    }));
    Layout {
        rows,
        cuts: axis.cuts(),
    }
}

fn row(step: &StepView, axis: &Axis, now: i64) -> Row {
    let span = step
        .started_at
        .map(|from| (from, step.finished_at.unwrap_or(now).max(from)));
    let (left, width) = axis.place(span);
    Row {
        title: step.title.clone(),
        step: step.step.clone(),
        what: What::Step(step.status, step.try_number),
        left,
        width,
        took: span.map(|(from, to)| to - from),
    }
}

/// Time without its long idle stretches.
struct Axis {
    /// Stretches in which something happened, in order, apart from each other.
    busy: Vec<(i64, i64)>,
    /// Longest idle stretch that is drawn.
    longest_idle: i64,
    /// Length of what is drawn.
    whole: i64,
}

impl Axis {
    fn of(steps: &[StepView], attempts: &[AttemptView], now: i64) -> Self {
        let of_steps = steps
            .iter()
            .filter_map(|step| Some((step.started_at?, step.finished_at.unwrap_or(now))));
        let of_attempts = attempts
            .iter()
            .map(|attempt| (attempt.claimed_at, attempt.ended_at.unwrap_or(now)));
        let mut spans: Vec<(i64, i64)> = of_steps.chain(of_attempts).collect();
        spans.sort_unstable();
        let mut busy: Vec<(i64, i64)> = Vec::new();
        for (from, to) in spans {
            match busy.last_mut() {
                Some(last) if from <= last.1 => last.1 = last.1.max(to),
                _ => busy.push((from, to.max(from))),
            }
        }
        let longest_idle = (busy.iter().map(|(from, to)| to - from).sum::<i64>() / LONGEST_IDLE).max(1);
        let mut axis = Self {
            busy,
            longest_idle,
            whole: 1,
        };
        let end = axis.busy.last().map_or(0, |(_, to)| *to);
        axis.whole = axis.at(end).max(1);
        axis
    }

    /// Where `moment` is drawn, in milliseconds from the beginning.
    fn at(&self, moment: i64) -> i64 {
        let (mut drawn, mut before) = (0_i64, None::<i64>);
        for (from, to) in &self.busy {
            if let Some(before) = before {
                drawn += (*from - before).min(self.longest_idle);
            }
            if moment <= *to {
                return drawn + (moment - from).max(0);
            }
            drawn += to - from;
            before = Some(*to);
        }
        drawn
    }

    /// Left edge and width in thousandths; what is too short to see still shows.
    fn place(&self, span: Option<(i64, i64)>) -> (i64, i64) {
        let Some((from, to)) = span else { return (0, 0) };
        let left = (self.at(from) * 1000 / self.whole).min(990);
        let right = self.at(to) * 1000 / self.whole;
        (left, (right - left).clamp(10, 1000 - left))
    }

    fn cuts(&self) -> Vec<(i64, i64)> {
        let pairs = self.busy.windows(2);
        pairs
            .map(|pair| (pair[0].1, pair[1].0 - pair[0].1))
            .filter(|(_, idle)| *idle > self.longest_idle)
            .map(|(at, idle)| (self.at(at) * 1000 / self.whole, idle))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(id: &str, from: i64, to: Option<i64>) -> StepView {
        StepView {
            step: id.to_owned(),
            lease_seq: 1,
            attempt: 1,
            position: 0,
            title: id.to_owned(),
            kind: "shell".to_owned(),
            status: if to.is_some() {
                StepStatus::Success
            } else {
                StepStatus::Running
            },
            try_number: 1,
            started_at: Some(from),
            finished_at: to,
            error: None,
        }
    }

    fn attempt(number: i32, from: i64, to: Option<i64>) -> AttemptView {
        AttemptView {
            attempt: number,
            lease_seq: number.into(),
            worker: "w".to_owned(),
            claimed_at: from,
            ended_at: to,
            outcome: "lost".to_owned(),
            error: None,
        }
    }

    fn planned(id: &str) -> PlanStepView {
        PlanStepView {
            id: id.to_owned(),
            title: id.to_owned(),
            kind: "shell".to_owned(),
        }
    }

    #[test]
    fn a_running_step_reaches_to_now() {
        let rows = layout(&[step("a", 0, Some(250)), step("b", 250, None)], &[], &[], 1000).rows;
        assert_eq!((rows[0].left, rows[0].width), (0, 250));
        assert_eq!((rows[1].left, rows[1].width, rows[1].took), (250, 750, Some(750)));
    }

    #[test]
    fn a_step_that_has_not_begun_is_shown_as_planned() {
        let rows = layout(&[step("a", 0, Some(10))], &[], &[planned("a"), planned("b")], 10).rows;
        assert_eq!(rows.len(), 2);
        assert_eq!((rows[1].title.as_str(), &rows[1].what), ("b", &What::Planned));
        assert_eq!(layout(&[], &[], &[planned("a")], 10).rows.len(), 1);
    }

    #[test]
    fn a_step_too_short_to_see_still_shows() {
        let steps = [
            step("a", 0, Some(1)),
            step("b", 1, Some(100_000)),
            step("c", 100_000, Some(100_000)),
        ];
        let rows = layout(&steps, &[], &[], 0).rows;
        assert!(rows.iter().all(|row| row.width >= 10 && row.left + row.width <= 1000));
    }

    #[test]
    fn idle_time_between_attempts_is_drawn_short() {
        let again = StepView {
            lease_seq: 2,
            ..step("a", 10_500, Some(11_000))
        };
        let attempts = [attempt(1, 0, Some(500)), attempt(2, 10_500, Some(11_000))];
        let drawn = layout(&[step("a", 0, Some(500)), again], &attempts, &[], 11_000);
        let what: Vec<bool> = drawn
            .rows
            .iter()
            .map(|row| matches!(row.what, What::Attempt(_)))
            .collect();
        assert_eq!(what, [true, false, true, false]);
        // 500 busy, 100 idle, 500 busy.
        assert_eq!((drawn.rows[3].left, drawn.rows[3].width), (545, 455));
        assert_eq!(drawn.cuts, [(454, 10_000)]);
    }

    #[test]
    fn one_attempt_needs_no_row_of_its_own() {
        let drawn = layout(&[step("a", 0, Some(500))], &[attempt(1, 0, Some(500))], &[], 500);
        assert_eq!(drawn.rows.len(), 1);
        assert_eq!(drawn.cuts, []);
    }

    #[test]
    fn steps_that_came_with_a_rerun_stand_first() {
        let kept = StepView {
            lease_seq: 0,
            ..step("a", 0, Some(500))
        };
        let attempts = [attempt(1, 900, Some(950)), attempt(2, 960, None)];
        let drawn = layout(&[kept], &attempts, &[], 1000);
        assert_eq!(drawn.rows[0].step, "a");
        assert_eq!(drawn.rows.len(), 3);
    }
}
