//! The definition of work: a template and its steps, as written and as normalized.

mod check;
mod kind;
mod params;

pub use check::{Finding, check};
pub use kind::StepKind;
pub use params::ParamsSchema;

use crate::LaneName;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A versioned definition of work. What a person leaves out is filled with these defaults, so the
/// stored form is complete and needs no rule to read.
///
/// `K` is how a step names its kind: [`StepKind`] where definitions are written and checked, a plain
/// text where a worker looks the kind up among those it serves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template<K = StepKind> {
    /// Version of this language; 1.
    pub version: u32,
    /// Name in addresses and calls.
    pub slug: String,
    /// What people call it.
    pub title: String,
    /// What it is for, one or two sentences.
    #[serde(default)]
    pub description: String,
    /// Lane of its runs unless a caller names another.
    #[serde(default = "standard_lane")]
    pub lane: LaneName,
    /// JSON Schema of its parameters.
    #[serde(default)]
    pub params: ParamsSchema,
    /// What is done, in order.
    pub steps: Vec<Step<K>>,
    /// Limits of the whole run.
    #[serde(default)]
    pub policy: Policy,
}

/// One step of a template.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step<K = StepKind> {
    /// Name by which later steps refer to it.
    pub id: String,
    /// What people call it; the id when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What does the work.
    pub kind: K,
    /// What the kind needs; texts in it are interpolated.
    #[serde(default)]
    pub with: Map<String, Value>,
    /// Condition; when it is false the step is skipped.
    #[serde(default, rename = "if", skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
    /// Steps that must end first; absent means the step before, `[]` means none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needs: Option<Vec<String>>,
    /// Longest time one try may take.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout_seconds: Option<u32>,
    /// Tries inside one attempt.
    #[serde(default)]
    pub retry: Retry,
    /// What a failure of this step means for the run.
    #[serde(default)]
    pub on_failure: OnFailure,
}

impl<K> Step<K> {
    /// What people call the step.
    pub fn title(&self) -> &str {
        self.title.as_deref().unwrap_or(&self.id)
    }
}

/// Tries of one step inside one attempt of the run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retry {
    /// Tries in all; 1 means no second try.
    #[serde(default = "one")]
    pub max_attempts: u32,
    /// Wait between them.
    #[serde(default)]
    pub backoff: Backoff,
}

impl Default for Retry {
    fn default() -> Self {
        Self {
            max_attempts: 1,
            backoff: Backoff::default(),
        }
    }
}

/// What a failure of a step means for the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnFailure {
    /// The run fails.
    #[default]
    Abort,
    /// The run goes on; the failed step stays visible.
    Continue,
}

/// Limits of a whole run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Longest time one attempt may take.
    #[serde(default = "one_hour")]
    pub timeout_seconds: u32,
    /// Attempts that may fail; absent means 3, or 1 when a step is a shell script.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_attempts: Option<u32>,
    /// Wait between attempts.
    #[serde(default)]
    pub backoff: Backoff,
    /// Start over at every attempt instead of resuming after the last successful step.
    #[serde(default)]
    pub restart: bool,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            timeout_seconds: one_hour(),
            max_attempts: None,
            backoff: Backoff::default(),
            restart: false,
        }
    }
}

/// Exponential wait, before full jitter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Backoff {
    /// First wait.
    #[serde(default = "one_second")]
    pub initial_seconds: f64,
    /// Each wait is this many times the one before.
    #[serde(default = "doubling")]
    pub factor: f64,
    /// No wait is longer.
    #[serde(default = "five_minutes")]
    pub max_seconds: f64,
}

impl Default for Backoff {
    fn default() -> Self {
        Self {
            initial_seconds: one_second(),
            factor: doubling(),
            max_seconds: five_minutes(),
        }
    }
}

impl Template {
    /// Fills what depends on other fields, so that the stored form needs no rule to read.
    #[must_use]
    pub fn normalized(mut self) -> Self {
        let has_shell = self.steps.iter().any(|step| step.kind == StepKind::Shell);
        self.policy.max_attempts.get_or_insert(if has_shell { 1 } else { 3 });
        self
    }
}

impl<K> Template<K> {
    /// The steps that must end before the step at `position` may start.
    pub fn needs_of(&self, position: usize) -> Vec<&str> {
        match &self.steps[position].needs {
            Some(needs) => needs.iter().map(String::as_str).collect(),
            None if position == 0 => Vec::new(),
            None => vec![self.steps[position - 1].id.as_str()],
        }
    }
}

fn standard_lane() -> LaneName {
    "B".parse().expect("B is a well-formed lane name")
}
fn one() -> u32 {
    1
}
fn one_hour() -> u32 {
    3600
}
fn one_second() -> f64 {
    1.0
}
fn doubling() -> f64 {
    2.0
}
fn five_minutes() -> f64 {
    300.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn template(steps: &Value) -> Template {
        serde_json::from_value(json!({"version": 1, "slug": "t", "title": "T", "steps": steps})).unwrap()
    }

    #[test]
    fn a_shell_script_is_tried_once_unless_the_template_says_more() {
        let shell = template(&json!([{"id": "a", "kind": "shell", "with": {"script": "true"}}])).normalized();
        let api = template(&json!([{"id": "a", "kind": "api", "with": {"url": "http://x"}}])).normalized();
        assert_eq!(shell.policy.max_attempts, Some(1));
        assert_eq!(api.policy.max_attempts, Some(3));
    }

    #[test]
    fn a_step_waits_for_the_one_before_unless_it_names_others() {
        let plan = template(&json!([
            {"id": "a", "kind": "shell"}, {"id": "b", "kind": "shell"},
            {"id": "c", "kind": "shell", "needs": []}, {"id": "d", "kind": "shell", "needs": ["a", "c"]},
        ]));
        assert_eq!(plan.needs_of(0), Vec::<&str>::new());
        assert_eq!(plan.needs_of(1), ["a"]);
        assert_eq!(plan.needs_of(2), Vec::<&str>::new());
        assert_eq!(plan.needs_of(3), ["a", "c"]);
    }

    #[test]
    fn an_unknown_field_is_refused() {
        let wrong = json!({"version": 1, "slug": "t", "title": "T", "steps": [], "stepz": 1});
        assert!(
            serde_json::from_value::<Template>(wrong)
                .unwrap_err()
                .to_string()
                .contains("stepz")
        );
    }
}
