//! The names a template refers to: which of them can be known to be wrong before a run.

use super::render;
use domain::{Step, Template};
use serde_json::{Map, Value};
use std::collections::{BTreeSet, HashSet};

/// What a step may know of its run.
pub(super) const RUN_FIELDS: [&str; 6] = ["run_id", "title", "attempt", "lane", "env", "template"];
/// What a step may know of an earlier step.
pub(super) const STEP_FIELDS: [&str; 2] = ["output", "status"];

/// Names of the secrets that `step` asks for, and no others.
pub fn secrets_of<K>(step: &Step<K>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (_, text) in texts(step) {
        // A text that cannot be read is a finding, or an error when its step runs.
        for name in text.names().unwrap_or_default() {
            if let Some(secret) = name.strip_prefix("secrets.") {
                found.insert(secret.split('.').next().unwrap_or_default().to_owned());
            }
        }
    }
    found
}

/// Finds texts that cannot be read and names that nothing will ever have, each with its path.
pub(super) fn check(template: &Template) -> Vec<(String, String)> {
    let mut findings = Vec::new();
    for (position, step) in template.steps.iter().enumerate() {
        let before = ended_before(template, position);
        for (path, text) in texts(step) {
            let path = format!("steps[{position}].{path}");
            match text.names() {
                Err(message) => findings.push((path, message)),
                Ok(names) => {
                    let mut names: Vec<String> = names.into_iter().collect();
                    names.sort();
                    findings.extend(
                        names
                            .iter()
                            .filter_map(|name| unknown(name, template, position, &before))
                            .map(|message| (path.clone(), message)),
                    );
                }
            }
        }
    }
    findings
}

/// Says what is wrong with `name`, if that can be known now.
fn unknown(name: &str, template: &Template, position: usize, before: &HashSet<&str>) -> Option<String> {
    let mut parts = name.split('.');
    let (root, first, second) = (parts.next()?, parts.next(), parts.next());
    match (root, first) {
        ("params", Some(param)) => {
            let schema = template.params.as_object();
            let closed = schema.get("additionalProperties") == Some(&Value::Bool(false))
                && !schema.contains_key("patternProperties");
            let known = template.params.properties().iter().any(|(known, ..)| *known == param);
            (closed && !known).then(|| format!("params.{param} is not a parameter of this template."))
        }
        ("steps", Some(id)) => {
            let place = template.steps.iter().position(|step| step.id == id);
            let own_id = &template.steps[position].id;
            match place {
                None => Some(format!(
                    "steps.{id} is not a step of this template; a name with - is written steps[\"…\"]."
                )),
                Some(place) if place >= position => Some(format!("Step {id} does not end before step {own_id}.")),
                Some(_) if !before.contains(id) => {
                    Some(format!("Step {own_id} does not wait for {id}; name it in needs."))
                }
                Some(_) => second
                    .filter(|field| !STEP_FIELDS.contains(field))
                    .map(|field| format!("steps.{id}.{field} is not known; write {}.", STEP_FIELDS.join(" or "))),
            }
        }
        ("run", Some(field)) if !RUN_FIELDS.contains(&field) => Some(format!(
            "run.{field} is not known; known are {}.",
            RUN_FIELDS.join(", ")
        )),
        ("secrets", None) => Some("Name the secret that is meant: secrets.NAME.".to_owned()),
        ("params" | "steps" | "run" | "secrets", _) => None,
        (other, _) if render::is_function(other) => None,
        (other, _) => Some(format!(
            "{other} is not known here; known are params, steps, run and secrets."
        )),
    }
}

/// Ids of the steps that surely ended when the step at `position` starts.
fn ended_before(template: &Template, position: usize) -> HashSet<&str> {
    let mut found = HashSet::new();
    let mut open = template.needs_of(position);
    while let Some(id) = open.pop() {
        if let Some(place) = template.steps.iter().position(|step| step.id == id)
            && place < position
            && found.insert(id)
        {
            open.extend(template.needs_of(place));
        }
    }
    found
}

/// A text that is interpolated, or a condition.
enum Text<'t> {
    Value(&'t str),
    Condition(&'t str),
}

impl Text<'_> {
    fn names(&self) -> Result<HashSet<String>, String> {
        match self {
            Self::Value(text) => render::names_in_value(text),
            Self::Condition(text) => render::names_in_condition(text),
        }
    }
}

/// Every interpolated text of a step with its path inside the step.
fn texts<K>(step: &Step<K>) -> Vec<(String, Text<'_>)> {
    let mut found = Vec::new();
    if let Some(condition) = &step.condition {
        found.push(("if".to_owned(), Text::Condition(condition)));
    }
    collect_map(&step.with, "with", &mut found);
    found
}

fn collect_map<'t>(map: &'t Map<String, Value>, path: &str, found: &mut Vec<(String, Text<'t>)>) {
    for (name, value) in map {
        collect(value, format!("{path}.{name}"), found);
    }
}

fn collect<'t>(value: &'t Value, path: String, found: &mut Vec<(String, Text<'t>)>) {
    match value {
        // A script is never interpolated, so that no value can become part of a program.
        Value::String(_) if path == "with.script" => {}
        Value::String(text) => found.push((path, Text::Value(text))),
        Value::Array(items) => {
            for (position, item) in items.iter().enumerate() {
                collect(item, format!("{path}[{position}]"), found);
            }
        }
        Value::Object(map) => collect_map(map, &path, found),
        _ => {}
    }
}
