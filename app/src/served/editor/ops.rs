//! What the buttons of the form do to the text.

use super::{draft::Draft, field::require};
use runs::template::edit::{self, Change};
use serde_json::{Value, json};

/// Does what the button says that was pressed; what does not concern the text is left to others.
pub(super) fn press(draft: &mut Draft) {
    let value = edit::value_of(&draft.source).unwrap_or_default();
    let (verb, object) = draft.op.split_once(':').unwrap_or((&draft.op, ""));
    let steps = value.get("steps").and_then(Value::as_array).map_or(0, Vec::len);
    let at: usize = object.parse().unwrap_or_default();
    let names = edit::names_in_order(&draft.source, &place(&["params", "properties"]));
    let nth = names.iter().position(|name| name == object).unwrap_or_default();
    let (changes, focus) = match verb {
        "step-up" if at > 0 => (
            vec![Change::Move(place(&["steps"]), at, at - 1)],
            format!("step-{}-up", at - 1),
        ),
        "step-down" if at + 1 < steps => (
            vec![Change::Move(place(&["steps"]), at, at + 1)],
            format!("step-{}-down", at + 1),
        ),
        "step-remove" => (vec![Change::Remove(place(&["steps", object]))], "step-add".to_owned()),
        "step-add" => {
            let step = new_step(draft.entered("new_kind"), &format!("step-{}", steps + 1));
            let change = match steps {
                0 => Change::Set(place(&["steps"]), json!([step])),
                _ => Change::Insert(place(&["steps"]), steps, step),
            };
            (vec![change], format!("set:/steps/{steps}/id"))
        }
        "param-up" if nth > 0 => (vec![order(nth, nth - 1)], format!("param-{object}-up")),
        "param-down" if nth + 1 < names.len() => (vec![order(nth, nth + 1)], format!("param-{object}-down")),
        "param-remove" => {
            let path = place(&["params", "properties", object]);
            let required = value.pointer("/params/required").and_then(Value::as_array);
            let is_required = required.is_some_and(|names| names.contains(&object.into()));
            let free = is_required.then(|| require(&value, &path, false));
            (
                free.into_iter().chain([Change::Remove(path)]).collect(),
                "param-add".to_owned(),
            )
        }
        "param-add" => {
            let free = (1..=names.len() + 1)
                .map(|number| format!("param_{number}"))
                .find(|name| !names.contains(name));
            let name = free.unwrap_or_default();
            let schema = json!({"type": "string"});
            let change = match value.get("params") {
                Some(Value::Object(_)) => Change::Set(place(&["params", "properties", &name]), schema),
                _ => Change::Set(
                    place(&["params"]),
                    json!({"type": "object", "properties": { &name: schema }}),
                ),
            };
            (vec![change], format!("name:/params/properties/{name}"))
        }
        "params-schema" => (as_schema(&value).into_iter().collect(), "param-add".to_owned()),
        "schema-paste" => {
            if let Some(schema @ Value::Object(_)) = edit::value_of(draft.entered("schema")) {
                (vec![Change::Set(place(&["params"]), schema)], "param-add".to_owned())
            } else {
                let message = "This is no JSON Schema of an object.".to_owned();
                let entered = draft.entered("schema").to_owned();
                draft.refused.push(("schema".to_owned(), entered, message));
                return;
            }
        }
        _ => return,
    };
    match edit::edit_all(&draft.source, &changes) {
        Ok(source) => {
            draft.source = source;
            draft.focus = Some(focus);
        }
        Err(error) => draft
            .refused
            .push((draft.op.clone(), String::new(), format!("Not done: {error}."))),
    }
}

fn order(from: usize, to: usize) -> Change {
    Change::Move(place(&["params", "properties"]), from, to)
}

fn place(names: &[&str]) -> edit::Path {
    names.iter().map(|&name| name.to_owned()).collect()
}

/// The short list of parameters as the schema it stands for.
fn as_schema(template: &Value) -> Option<Change> {
    let schema: domain::ParamsSchema = serde_json::from_value(template.get("params")?.clone()).ok()?;
    let mut schema = schema.as_object().clone();
    schema.remove("additionalProperties");
    Some(Change::Set(place(&["params"]), Value::Object(schema)))
}

/// A step that is well formed and does no harm until it is filled in.
fn new_step(kind: &str, id: &str) -> Value {
    let (kind, with) = match kind {
        "shell" => ("shell", json!({"script": "echo \"Hello\"\ndate\n"})),
        "docker" => (
            "docker",
            json!({"image": "alpine:3.22", "script": "echo \"Hello\"\ndate\n"}),
        ),
        "mcp" => (
            "mcp",
            json!({"server": {"url": "https://example.com/mcp"}, "tool": "search"}),
        ),
        "action" => (
            "action",
            json!({"action": "template.run", "options": {"template": "healthcheck"}}),
        ),
        "approval" => ("approval", json!({"message": "Go on?"})),
        "agent" => ("agent", json!({"adapter": "https://example.com/agent"})),
        _ => ("api", json!({"url": "https://example.com/"})),
    };
    json!({"id": id, "kind": kind, "with": with})
}
