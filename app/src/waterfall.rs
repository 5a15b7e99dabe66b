//! Where the bars of steps stand in time; pure, drawn by [`crate::components::waterfall`].

use crate::views::{PlanStepView, StepView};
use domain::StepStatus;

/// A row of the waterfall: one step in one try, or one that is only planned.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    /// What people call the step.
    pub(crate) title: String,
    /// Id in the template.
    pub(crate) step: String,
    /// Attempt; 0 for a step that is only planned.
    pub(crate) attempt: i32,
    /// Try inside the attempt.
    pub(crate) try_number: i32,
    /// State; `None` for a step that is only planned.
    pub(crate) status: Option<StepStatus>,
    /// Left edge, thousandths of the whole span.
    pub(crate) left: i64,
    /// Width, thousandths of the whole span.
    pub(crate) width: i64,
    /// How long it took, or takes.
    pub(crate) took: Option<i64>,
}

/// Lays out `steps` up to `now`, then what is planned and has not begun.
pub(crate) fn rows(steps: &[StepView], plan: &[PlanStepView], now: i64) -> Vec<Row> {
    let begin = steps.iter().filter_map(|step| step.started_at).min().unwrap_or(now);
    let end = steps
        .iter()
        .map(|step| step.finished_at.unwrap_or(now))
        .max()
        .unwrap_or(now)
        .max(begin + 1);
    let whole = end - begin;
    let mut rows: Vec<Row> = steps
        .iter()
        .map(|step| {
            let from = step.started_at.unwrap_or(begin);
            let to = step.finished_at.unwrap_or(end).max(from);
            let left = ((from - begin) * 1000 / whole).min(990);
            Row {
                title: step.title.clone(),
                step: step.step.clone(),
                attempt: step.attempt,
                try_number: step.try_number,
                status: Some(step.status),
                left,
                width: ((to - from) * 1000 / whole).clamp(10, 1000 - left),
                took: step.started_at.map(|from| step.finished_at.unwrap_or(now) - from),
            }
        })
        .collect();
    let planned = plan
        .iter()
        .filter(|planned| !steps.iter().any(|step| step.step == planned.id));
    rows.extend(planned.map(|planned| Row {
        title: planned.title.clone(),
        step: planned.id.clone(),
        attempt: 0,
        try_number: 0,
        status: None,
        left: 0,
        width: 0,
        took: None,
    }));
    rows
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

    fn planned(id: &str) -> PlanStepView {
        PlanStepView {
            id: id.to_owned(),
            title: id.to_owned(),
            kind: "shell".to_owned(),
        }
    }

    #[test]
    fn a_running_step_reaches_to_now() {
        let rows = rows(&[step("a", 0, Some(250)), step("b", 250, None)], &[], 1000);
        assert_eq!((rows[0].left, rows[0].width), (0, 250));
        assert_eq!((rows[1].left, rows[1].width, rows[1].took), (250, 750, Some(750)));
    }

    #[test]
    fn a_step_that_has_not_begun_is_shown_as_planned() {
        let rows = rows(&[step("a", 0, Some(10))], &[planned("a"), planned("b")], 10);
        assert_eq!(rows.len(), 2);
        assert_eq!((rows[1].title.as_str(), rows[1].status), ("b", None));
    }

    #[test]
    fn a_step_too_short_to_see_still_shows() {
        let rows = rows(
            &[
                step("a", 0, Some(1)),
                step("b", 1, Some(100_000)),
                step("c", 100_000, Some(100_000)),
            ],
            &[],
            0,
        );
        assert!(rows.iter().all(|row| row.width >= 10 && row.left + row.width <= 1000));
    }
}
