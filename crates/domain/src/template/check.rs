//! Rules a template must keep that its types cannot say.

use super::{StepKind, Template};
use serde_json::Value;
use std::collections::HashSet;

/// One thing wrong with a template, with the place in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Path from the root, such as `steps[1].with.script`.
    pub path: String,
    /// What is wrong and what to do, as a sentence.
    pub message: String,
}

/// Finds what is wrong with `template`; empty means it can be stored.
pub fn check(template: &Template) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut find = |path: String, message: String| findings.push(Finding { path, message });

    if template.version != 1 {
        find(
            "version".to_owned(),
            format!("Version {} is not known; write version: 1.", template.version),
        );
    }
    if !is_slug(&template.slug) {
        find(
            "slug".to_owned(),
            "A slug begins with a letter and has only a-z, 0-9, _ and -.".to_owned(),
        );
    }
    if template.title.trim().is_empty() {
        find(
            "title".to_owned(),
            "Give it a title that people will recognize.".to_owned(),
        );
    }
    if template.steps.is_empty() {
        find("steps".to_owned(), "A template needs at least one step.".to_owned());
    }
    if template.policy.max_attempts == Some(0) {
        find(
            "policy.max_attempts".to_owned(),
            "At least one attempt is needed.".to_owned(),
        );
    }

    let mut earlier: HashSet<&str> = HashSet::new();
    for (position, step) in template.steps.iter().enumerate() {
        let path = format!("steps[{position}]");
        if !is_slug(&step.id) {
            find(
                format!("{path}.id"),
                "A step id begins with a letter and has only a-z, 0-9, _ and -.".to_owned(),
            );
        }
        for need in step.needs.iter().flatten() {
            if !earlier.contains(need.as_str()) {
                find(
                    format!("{path}.needs"),
                    format!("{need:?} is not a step above this one."),
                );
            }
        }
        if !earlier.insert(&step.id) {
            find(format!("{path}.id"), format!("The id {:?} is used twice.", step.id));
        }
        if step.retry.max_attempts == 0 {
            find(
                format!("{path}.retry.max_attempts"),
                "At least one attempt is needed.".to_owned(),
            );
        }
        let text = |key: &str| step.with.get(key).and_then(Value::as_str);
        match step.kind {
            StepKind::Shell => match text("script") {
                None => find(format!("{path}.with.script"), "A shell step needs a script.".to_owned()),
                Some(script) if script.contains("{{") || script.contains("{%") => find(
                    format!("{path}.with.script"),
                    "Values reach a script only through env or args; write {{ … }} there and use $NAME here."
                        .to_owned(),
                ),
                Some(_) => {}
            },
            StepKind::Api => {
                if text("url").is_none() {
                    find(format!("{path}.with.url"), "An api step needs a url.".to_owned());
                }
            }
        }
    }
    findings
}

fn is_slug(text: &str) -> bool {
    text.len() <= 64
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text
            .bytes()
            .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn findings(steps: &Value) -> Vec<String> {
        let template =
            serde_json::from_value(json!({"version": 1, "slug": "t", "title": "T", "steps": steps})).unwrap();
        check(&template).into_iter().map(|finding| finding.path).collect()
    }

    #[test]
    fn a_value_inside_a_script_is_refused() {
        assert_eq!(
            findings(&json!([{"id": "a", "kind": "shell", "with": {"script": "echo {{ params.x }}"}}])),
            ["steps[0].with.script"]
        );
    }

    #[test]
    fn a_step_needs_only_steps_above_it() {
        let script = json!({"script": "true"});
        assert_eq!(
            findings(
                &json!([{"id": "a", "kind": "shell", "with": script, "needs": ["b"]}, {"id": "b", "kind": "shell", "with": script}])
            ),
            ["steps[0].needs"]
        );
    }

    #[test]
    fn ids_are_unique_and_an_api_step_has_a_url() {
        assert_eq!(
            findings(&json!([{"id": "a", "kind": "api"}, {"id": "a", "kind": "api", "with": {"url": "x"}}])),
            ["steps[0].with.url", "steps[1].id"]
        );
    }
}
