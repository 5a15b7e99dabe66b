//! The steps of a template as a plan that can be read.

use super::facts::seconds;
use crate::served::parts::pill;
use domain::{OnFailure, Step, StepKind, Template};
use leptos::prelude::*;
use serde_json::Value;

/// The plan.
pub(super) fn of(template: &Template) -> AnyView {
    let steps = (0..template.steps.len())
        .map(|position| step(template, position))
        .collect_view();
    html! { <ol class="card plan">{steps}</ol> }
}

fn step(template: &Template, position: usize) -> AnyView {
    let step = &template.steps[position];
    let rules = rules(step, &template.needs_of(position), position);
    let with = (!step.with.is_empty()).then(|| {
        let text = serde_json::to_string_pretty(&step.with).unwrap_or_default();
        html! {
            <details>
                <summary>"What it is given"</summary>
                <pre class="text" tabindex="0">{text}</pre>
            </details>
        }
    });
    html! {
        <li>
            <p>
                <span class="strong">{step.title().to_owned()}</span>
                " "
                <code>{step.id.clone()}</code>
                " "
                {pill(step.kind.as_str(), "idle")}
            </p>
            <p class="does">{does(step)}</p>
            <p class="note">{rules.join(" · ")}</p>
            {with}
        </li>
    }
}

/// What the step does, in a line.
fn does(step: &Step) -> String {
    let text = |key: &str| step.with.get(key).and_then(Value::as_str).unwrap_or_default();
    let line = |key: &str| {
        let first = text(key)
            .lines()
            .find(|line| !line.trim().is_empty())
            .unwrap_or_default();
        let more = if text(key).trim().lines().count() > 1 {
            " …"
        } else {
            ""
        };
        format!("{first}{more}")
    };
    match step.kind {
        StepKind::Shell => format!("Runs {}", line("script")),
        StepKind::Api => {
            let method = if text("method").is_empty() {
                "GET"
            } else {
                text("method")
            };
            format!("{method} {}", text("url"))
        }
        StepKind::Docker if !text("script").is_empty() => format!("In {} runs {}", text("image"), line("script")),
        StepKind::Docker => format!("Runs {}", text("image")),
        StepKind::Mcp => format!("Calls the tool {}", text("tool")),
        StepKind::Action => format!("Does {}", text("action")),
        StepKind::Approval => {
            let role = if text("role").is_empty() {
                "operator"
            } else {
                text("role")
            };
            let message = line("message");
            if message.is_empty() {
                format!("Waits for the role {role}")
            } else {
                format!("Asks the role {role}: {message}")
            }
        }
        StepKind::Agent => format!("Asks the agent at {}", text("adapter")),
    }
}

/// When it runs, how often it is tried, what its failure means.
fn rules(step: &Step, needs: &[&str], position: usize) -> Vec<String> {
    let mut rules = Vec::new();
    rules.push(match needs {
        [] if position == 0 => "comes first".to_owned(),
        [] => "waits for no other step".to_owned(),
        needs => format!("after {}", needs.join(", ")),
    });
    rules.extend(step.condition.as_ref().map(|condition| format!("only if {condition}")));
    if step.retry.max_attempts > 1 {
        let backoff = &step.retry.backoff;
        rules.push(format!(
            "{} tries, {} s apart at first, {} s at most",
            step.retry.max_attempts, backoff.initial_seconds, backoff.max_seconds
        ));
    }
    rules.extend(
        step.timeout_seconds
            .map(|limit| format!("a try may take {}", seconds(limit))),
    );
    if step.on_failure == OnFailure::Continue {
        rules.push("the run goes on when it fails".to_owned());
    }
    rules
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn template() -> Template {
        serde_json::from_value(json!({"version": 1, "slug": "t", "title": "T", "steps": [
            {"id": "probe", "kind": "api", "with": {"url": "http://x"}, "retry": {"max_attempts": 3}, "timeout_seconds": 90},
            {"id": "tell", "kind": "shell", "with": {"script": "\necho a\necho b\n"}, "needs": [], "if": "params.x", "on_failure": "continue"},
            {"id": "ask", "kind": "approval", "with": {"message": "Ship?"}},
        ]}))
        .unwrap()
    }

    #[test]
    fn a_step_says_what_it_does() {
        let template = template();
        let said: Vec<String> = template.steps.iter().map(does).collect();
        assert_eq!(said, ["GET http://x", "Runs echo a …", "Asks the role operator: Ship?"]);
    }

    #[test]
    fn a_step_says_when_it_runs_and_what_its_failure_means() {
        let template = template();
        let said =
            |position: usize| rules(&template.steps[position], &template.needs_of(position), position).join(" · ");
        assert_eq!(
            said(0),
            "comes first · 3 tries, 1 s apart at first, 300 s at most · a try may take 1 min 30 s"
        );
        assert_eq!(
            said(1),
            "waits for no other step · only if params.x · the run goes on when it fails"
        );
        assert_eq!(said(2), "after tell");
    }
}
