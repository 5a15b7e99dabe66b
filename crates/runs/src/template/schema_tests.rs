//! Tests that the published schema, the domain's types and the demo agree.

use super::{SCHEMA, parse};
use crate::demo::TEMPLATES;
use domain::{Backoff, OnFailure, Policy, Retry, StepKind, Template};
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn schema() -> Value {
    serde_json::from_str(SCHEMA).unwrap()
}

fn keys(value: &Value) -> BTreeSet<String> {
    value.as_object().unwrap().keys().cloned().collect()
}

/// A template in which nothing is left out.
fn full() -> Value {
    let source = json!({
        "version": 1, "slug": "t", "title": "T", "description": "D", "lane": "A",
        "params": {"properties": {"x": {"type": "string"}}},
        "steps": [{
            "id": "a", "title": "A", "kind": "shell", "with": {"script": "true"}, "if": "true", "needs": [],
            "timeout_seconds": 1, "retry": {"max_attempts": 2}, "on_failure": "continue",
        }],
        "policy": {"timeout_seconds": 5, "max_attempts": 2, "restart": true},
    });
    serde_json::to_value(serde_json::from_value::<Template>(source).unwrap()).unwrap()
}

#[test]
fn the_demo_is_written_in_the_published_language() {
    for source in TEMPLATES {
        let template = parse(source).unwrap_or_else(|findings| panic!("{findings:#?}"));
        let stored = serde_json::to_value(&template).unwrap();
        let validator = jsonschema::validator_for(&schema()).unwrap();
        let errors: Vec<String> = validator.iter_errors(&stored).map(|error| error.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new(), "{}", template.slug);
    }
}

#[test]
fn the_schema_names_every_field_of_the_types_and_no_other() {
    let schema = schema();
    let full = full();
    let step = &full["steps"][0];
    for (definition, value) in [
        (&schema, &full),
        (&schema["$defs"]["step"], step),
        (&schema["$defs"]["retry"], &step["retry"]),
        (&schema["$defs"]["backoff"], &step["retry"]["backoff"]),
        (&schema["$defs"]["policy"], &full["policy"]),
    ] {
        assert_eq!(keys(&definition["properties"]), keys(value));
        assert_eq!(definition["additionalProperties"], json!(false));
    }
}

#[test]
fn the_schema_lists_the_words_of_the_types() {
    let schema = schema();
    let step = &schema["$defs"]["step"]["properties"];
    assert_eq!(step["kind"]["enum"], json!(StepKind::ALL.map(StepKind::as_str)));
    assert_eq!(
        step["on_failure"]["enum"],
        json!([OnFailure::Abort, OnFailure::Continue])
    );
}

#[test]
fn the_schema_states_the_defaults_of_the_types() {
    let schema = schema();
    let least = json!({
        "version": 1, "slug": "t", "title": "T",
        "steps": [{"id": "a", "kind": "shell", "with": {"script": "true"}}],
    });
    let least = serde_json::to_value(serde_json::from_value::<Template>(least).unwrap()).unwrap();
    assert_eq!(schema["properties"]["lane"]["default"], least["lane"]);
    assert_eq!(schema["properties"]["description"]["default"], least["description"]);
    assert_eq!(
        schema["$defs"]["step"]["properties"]["on_failure"]["default"],
        least["steps"][0]["on_failure"]
    );
    for (definition, value) in [
        ("retry", json!(Retry::default())),
        ("policy", json!(Policy::default())),
        ("backoff", json!(Backoff::default())),
    ] {
        for (name, property) in schema["$defs"][definition]["properties"].as_object().unwrap() {
            if let Some(default) = property.get("default") {
                assert_eq!(default.as_f64(), value[name].as_f64(), "{definition}.{name}");
                assert_eq!(default.as_bool(), value[name].as_bool(), "{definition}.{name}");
            }
        }
    }
}

/// Steps that together write every field of their kind.
fn samples(kind: StepKind) -> Vec<Value> {
    match kind {
        StepKind::Shell => vec![json!({"script": "true", "shell": "sh", "args": [1], "env": {"A": "b"}})],
        StepKind::Api => vec![
            json!({
                "url": "https://x", "method": "POST", "headers": {"a": "b"}, "query": {"a": 1}, "json": {"a": 1},
                "expect_status": [200], "follow_redirects": true, "save_response_as": "a.json",
            }),
            json!({"url": "{{ params.x }}", "body": "text", "expect_status": 204, "callback": {"timeout_seconds": 9}}),
        ],
        StepKind::Docker => vec![
            json!({
                "image": "alpine", "pull": "never", "script": "true", "args": ["a"], "env": {"A": 1}, "workdir": "/w", "user": "1",
                "network": "bridge", "cpus": 0.5, "memory_mib": 64, "pids": 9,
                "mounts": [{"source": "/a", "target": "/b", "read_only": true}],
            }),
            json!({"image": "alpine", "entrypoint": ["sh"], "command": ["-c", "true"]}),
        ],
        StepKind::Mcp => vec![
            json!({
                "server": {"command": "a", "args": ["b"], "env": {"C": "d"}}, "tool": "t", "arguments": {"a": 1},
                "timeout_seconds": 5,
            }),
            json!({"server": {"url": "https://x", "headers": {"a": "b"}}, "tool": "t", "arguments": "{{ params }}"}),
        ],
        StepKind::Action => vec![json!({"action": "template.run", "options": {"template": "x"}, "scope": {}})],
        StepKind::Approval => {
            vec![json!({"role": "admin", "message": "Go?", "timeout_seconds": 60, "on_timeout": "reject"})]
        }
        StepKind::Agent => vec![json!({"adapter": "https://x", "headers": {"a": "b"}, "input": [1]})],
    }
}

#[test]
fn every_field_of_every_kind_can_be_written_and_stays_in_the_language() {
    let schema = schema();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for kind in StepKind::ALL {
        let mut written = BTreeSet::new();
        for with in samples(kind) {
            written.extend(keys(&with));
            let source = json!({
                "version": 1, "slug": "t", "title": "T", "params": {"properties": {"x": {}}},
                "steps": [{"id": "a", "kind": kind, "with": with}],
            });
            let template = parse(&source.to_string()).unwrap_or_else(|findings| panic!("{kind:?}: {findings:#?}"));
            let stored = serde_json::to_value(&template).unwrap();
            assert!(validator.is_valid(&stored), "{kind:?}: {stored:#}");
        }
        assert_eq!(
            written,
            keys(&schema["$defs"][kind.as_str()]["properties"]),
            "{kind:?} has fields that no sample writes"
        );
    }
}

#[test]
fn what_no_kind_knows_is_refused_with_its_place() {
    for kind in StepKind::ALL {
        let mut with = samples(kind).remove(0);
        with["no_such_field"] = json!(1);
        let source =
            json!({"version": 1, "slug": "t", "title": "T", "steps": [{"id": "a", "kind": kind, "with": with}]});
        let found = parse(&source.to_string()).unwrap_err();
        let found: Vec<_> = found.iter().map(|finding| finding.path.as_str()).collect();
        assert_eq!(found, ["steps[0].with.no_such_field"], "{kind:?}");
    }
}
