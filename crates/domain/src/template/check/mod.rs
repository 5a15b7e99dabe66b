//! Rules a template must keep that its types cannot say: those of the whole here, those of one kind
//! of step in a file of its own.

mod action;
mod agent;
mod api;
mod approval;
mod docker;
mod mcp;
mod shell;
mod step;
mod with;

use super::Template;
use std::collections::HashSet;
use step::check_step;

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
    let mut find = |path: &str, message: String| {
        findings.push(Finding {
            path: path.to_owned(),
            message,
        });
    };
    if template.version != 1 {
        let message = format!("Version {} is not known; write version: 1.", template.version);
        find("version", message);
    }
    if !is_slug(&template.slug) {
        let message = "A slug begins with a letter and has only a-z, 0-9, _ and -.";
        find("slug", message.to_owned());
    }
    if template.slug == "check" {
        find(
            "slug",
            "check is taken by an address of the server; choose another word.".to_owned(),
        );
    }
    if template.title.trim().is_empty() {
        find("title", "Give it a title that people will recognize.".to_owned());
    }
    if template.steps.is_empty() {
        find("steps", "A template needs at least one step.".to_owned());
    }
    if template.policy.max_attempts == Some(0) {
        find("policy.max_attempts", "At least one attempt is needed.".to_owned());
    }
    let mut earlier: HashSet<&str> = HashSet::new();
    for (position, step) in template.steps.iter().enumerate() {
        let path = format!("steps[{position}]");
        check_step(step, &earlier, &mut |place, message| {
            find(&format!("{path}.{place}"), message);
        });
        earlier.insert(&step.id);
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
    use serde_json::{Value, json};

    fn findings(steps: &Value) -> Vec<String> {
        let template =
            serde_json::from_value(json!({"version": 1, "slug": "t", "title": "T", "steps": steps})).unwrap();
        check(&template).into_iter().map(|finding| finding.path).collect()
    }

    /// What is wrong with one step of `kind`.
    fn with(kind: &str, with: &Value) -> Vec<String> {
        findings(&json!([{"id": "a", "kind": kind, "with": with}]))
    }

    #[test]
    fn a_value_inside_a_script_is_refused() {
        assert_eq!(
            with("shell", &json!({"script": "echo {{ params.x }}"})),
            ["steps[0].with.script"]
        );
        assert_eq!(
            with("docker", &json!({"image": "alpine", "script": "echo {% if x %}"})),
            ["steps[0].with.script"]
        );
    }

    #[test]
    fn a_value_inside_a_program_that_a_container_reads_is_refused() {
        let command = |words: Value| with("docker", &json!({"image": "alpine", "command": words}));
        assert_eq!(
            command(json!(["sh", "-ec", "echo {{ params.x }}"])),
            ["steps[0].with.command[2]"]
        );
        assert_eq!(command(json!(["echo", "{{ params.x }}"])), Vec::<String>::new());
        assert_eq!(
            command(json!(["sh", "-c", "echo $1", "sh", "{{ params.x }}"])),
            Vec::<String>::new()
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
    fn ids_are_unique_and_each_kind_has_what_it_works_on() {
        assert_eq!(
            findings(&json!([{"id": "a", "kind": "api"}, {"id": "a", "kind": "api", "with": {"url": "x"}}])),
            ["steps[0].with.url", "steps[1].id"]
        );
        for (kind, place) in [
            ("shell", "script"),
            ("docker", "image"),
            ("action", "action"),
            ("agent", "adapter"),
        ] {
            assert_eq!(with(kind, &json!({})), [format!("steps[0].with.{place}")]);
        }
        assert_eq!(with("mcp", &json!({})), ["steps[0].with.server", "steps[0].with.tool"]);
        assert_eq!(with("approval", &json!({})), Vec::<String>::new());
    }

    #[test]
    fn an_approval_names_a_role_of_people_and_what_its_end_means() {
        for (wrong, place) in [
            (json!({"role": "worker"}), "role"),
            (json!({"role": "boss"}), "role"),
            (json!({"timeout_seconds": 60, "on_timeout": "shrug"}), "on_timeout"),
            (json!({"timeout_seconds": 0}), "timeout_seconds"),
            (json!({"message": " "}), "message"),
            (json!({"on_timeout": "reject"}), "on_timeout"),
        ] {
            assert_eq!(with("approval", &wrong), [format!("steps[0].with.{place}")]);
        }
        let right = json!({"role": "admin", "message": "Ship?", "timeout_seconds": 60, "on_timeout": "approve"});
        assert_eq!(with("approval", &right), Vec::<String>::new());
    }

    #[test]
    fn what_contradicts_itself_is_refused() {
        assert_eq!(
            with("api", &json!({"url": "http://x", "body": "a", "json": 1})),
            ["steps[0].with.json"]
        );
        assert_eq!(
            with("docker", &json!({"image": "a", "script": "true", "command": ["b"]})),
            ["steps[0].with.command"]
        );
        assert_eq!(
            with("docker", &json!({"image": "a", "args": ["b"]})),
            ["steps[0].with.args"]
        );
        assert_eq!(
            with(
                "mcp",
                &json!({"tool": "t", "server": {"command": "a", "url": "http://x"}})
            ),
            ["steps[0].with.server"]
        );
        assert_eq!(
            with(
                "mcp",
                &json!({"tool": "t", "server": {"url": "http://x", "args": ["a"]}})
            ),
            ["steps[0].with.server.args"]
        );
    }
}
