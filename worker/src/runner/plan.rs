//! Which step may start when: the order that the needs of steps allow.

use db::queue::SettledStep;
use domain::Template;
use runs::template::render::StepFacts;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The steps of a template and how far each has come.
pub(super) struct Plan<'t> {
    template: &'t Template<String>,
    states: Vec<State>,
}

enum State {
    Waiting,
    InWork,
    Ended(StepFacts),
}

impl<'t> Plan<'t> {
    /// A plan in which the steps of `done` ended well before, and those of `settled` in one way or another.
    pub(super) fn new(
        template: &'t Template<String>,
        done: &Map<String, Value>,
        settled: &BTreeMap<String, SettledStep>,
    ) -> Self {
        let ended = |output: &Value, status: &str| {
            State::Ended(StepFacts {
                output: output.clone(),
                status: status.to_owned(),
            })
        };
        let states = template.steps.iter().map(|step| {
            if let Some(output) = done.get(&step.id) {
                return ended(output, "success");
            }
            match settled.get(&step.id) {
                Some(step) => ended(&step.output, &step.status),
                None => State::Waiting,
            }
        });
        Self {
            template,
            states: states.collect(),
        }
    }

    /// Marks the steps whose needs have ended as being in work, and names their positions.
    pub(super) fn start_ready(&mut self) -> Vec<usize> {
        let ready: Vec<usize> = (0..self.states.len())
            .filter(|position| self.is_ready(*position))
            .collect();
        for position in &ready {
            self.states[*position] = State::InWork;
        }
        ready
    }

    /// A step in work has ended.
    pub(super) fn end(&mut self, position: usize, facts: StepFacts) {
        self.states[position] = State::Ended(facts);
    }

    /// Steps that have not ended.
    pub(super) fn open_count(&self) -> usize {
        self.states
            .iter()
            .filter(|state| !matches!(state, State::Ended(_)))
            .count()
    }

    /// What is known of the steps that ended.
    pub(super) fn facts(&self) -> BTreeMap<String, StepFacts> {
        self.ended().map(|(id, facts)| (id.to_owned(), facts.clone())).collect()
    }

    /// What the last step that ended well left.
    pub(super) fn last_output(&self) -> Option<Value> {
        let (_, facts) = self.ended().filter(|(_, facts)| facts.status == "success").last()?;
        Some(facts.output.clone())
    }

    fn ended(&self) -> impl Iterator<Item = (&str, &StepFacts)> {
        self.template
            .steps
            .iter()
            .zip(&self.states)
            .filter_map(|(step, state)| match state {
                State::Ended(facts) => Some((step.id.as_str(), facts)),
                _ => None,
            })
    }

    fn is_ready(&self, position: usize) -> bool {
        let has_ended = |id: &str| {
            let place = self.template.steps.iter().position(|step| step.id == id);
            place.is_none_or(|place| matches!(self.states[place], State::Ended(_)))
        };
        matches!(self.states[position], State::Waiting) && self.template.needs_of(position).into_iter().all(has_ended)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_was_settled_before_a_wait_stays_settled() {
        let template: Template<String> = serde_json::from_value(json!({
            "version": 1, "slug": "t", "title": "T",
            "steps": [{"id": "a", "kind": "noop"}, {"id": "b", "kind": "noop"}, {"id": "c", "kind": "noop"}],
        }))
        .unwrap();
        let settled = serde_json::from_value(json!({
            "a": {"status": "failed", "output": null}, "b": {"status": "skipped", "output": null},
        }))
        .unwrap();
        let mut plan = Plan::new(&template, &Map::new(), &settled);
        assert_eq!(plan.start_ready(), [2]);
        assert_eq!(plan.facts()["a"].status, "failed");
    }

    #[test]
    fn a_step_starts_when_its_needs_have_ended_and_done_steps_do_not_start_again() {
        let template: Template<String> = serde_json::from_value(json!({
            "version": 1, "slug": "t", "title": "T",
            "steps": [
                {"id": "a", "kind": "noop"}, {"id": "b", "kind": "noop", "needs": []},
                {"id": "c", "kind": "noop", "needs": ["a", "b"]}, {"id": "d", "kind": "noop"},
            ],
        }))
        .unwrap();
        let done = json!({"a": {"x": 1}}).as_object().cloned().unwrap();
        let mut plan = Plan::new(&template, &done, &BTreeMap::new());
        assert_eq!(plan.start_ready(), [1]);
        assert_eq!(plan.start_ready(), Vec::<usize>::new());
        plan.end(
            1,
            StepFacts {
                output: Value::Null,
                status: "skipped".to_owned(),
            },
        );
        assert_eq!(plan.start_ready(), [2]);
        assert_eq!(plan.open_count(), 2);
        assert_eq!(plan.last_output(), Some(json!({"x": 1})));
    }
}
