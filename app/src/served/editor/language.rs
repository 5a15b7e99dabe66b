//! What the published schema of the language knows about the kinds of steps.

use super::field::Kind;
use runs::template::SCHEMA;
use serde_json::Value;
use std::sync::LazyLock;

/// Fields of `with` in the order in which people think of them; the rest follows.
const FIRST: [&str; 21] = [
    "method",
    "url",
    "image",
    "action",
    "adapter",
    "server",
    "tool",
    "role",
    "message",
    "script",
    "shell",
    "args",
    "command",
    "entrypoint",
    "env",
    "headers",
    "query",
    "body",
    "json",
    "arguments",
    "options",
];

static LANGUAGE: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(SCHEMA).unwrap_or_default());

/// What the published schema says that `with` may have: name, help, how it is entered.
pub(super) fn known_fields(kind: &str) -> Vec<(String, String, Kind)> {
    let properties = LANGUAGE.pointer(&format!("/$defs/{kind}/properties"));
    let mut found: Vec<_> = properties
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(name, schema)| {
            let help = schema.get("description").and_then(Value::as_str).unwrap_or_default();
            (name.clone(), help.to_owned(), entry(name, schema))
        })
        .collect();
    found.sort_by_key(|(name, ..)| FIRST.iter().position(|first| first == name).unwrap_or(FIRST.len()));
    found
}

fn entry(name: &str, schema: &Value) -> Kind {
    if let Some(choices) = schema.get("enum").and_then(Value::as_array) {
        return Kind::Choice(choices.iter().filter_map(Value::as_str).map(str::to_owned).collect());
    }
    let reference = schema.get("$ref").and_then(Value::as_str).unwrap_or_default();
    match schema.get("type").and_then(Value::as_str) {
        Some("string") if matches!(name, "script" | "body" | "message") => Kind::Lines,
        Some("string") => Kind::Text,
        Some("boolean") => Kind::Flag,
        Some("integer") => Kind::Integer,
        Some("number") => Kind::Number,
        None if reference.ends_with("/seconds") => Kind::Integer,
        None if reference.ends_with("/url") => Kind::Text,
        _ => Kind::Yaml,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::StepKind;

    #[test]
    fn every_kind_has_the_fields_of_the_language_each_in_a_fitting_form() {
        for kind in StepKind::ALL {
            assert!(!known_fields(kind.as_str()).is_empty(), "{kind:?}");
        }
        let shown: Vec<_> = known_fields("api")
            .into_iter()
            .map(|(name, _, kind)| (name, kind))
            .collect();
        assert_eq!(shown[0], ("method".to_owned(), Kind::Text));
        assert_eq!(shown[1], ("url".to_owned(), Kind::Text));
        assert_eq!(shown[2], ("headers".to_owned(), Kind::Yaml));
        assert!(shown.contains(&("follow_redirects".to_owned(), Kind::Flag)));
    }
}
