//! A params schema becomes form fields, and what was entered becomes params again.

use super::FieldProblem;
use crate::views::{FieldKind, FieldView};
use domain::Template;
use runs::actions::{Action, OptionKind, OptionSpec};
use serde_json::{Map, Number, Value};
use std::collections::HashMap;

/// A text longer than this gets several lines.
const LONG_TEXT: u64 = 200;

/// One field per parameter. The ones that must be given come first, for Postgres does not keep the order of a schema.
pub(crate) fn fields(template: &Template) -> Vec<FieldView> {
    let mut fields: Vec<FieldView> = template
        .params
        .properties()
        .into_iter()
        .map(|(key, schema, required)| field(key, schema, required))
        .collect();
    fields.sort_by_key(|field| !field.required);
    fields
}

/// One field per option of an action.
pub(crate) fn options(action: &Action) -> Vec<FieldView> {
    let field = |option: &OptionSpec| FieldView {
        key: option.name.to_owned(),
        label: in_words(option.name),
        help: Some(option.meaning.to_owned()),
        required: option.required && option.kind != OptionKind::Boolean,
        value: String::new(),
        min: None,
        max: None,
        pattern: None,
        kind: match option.kind {
            OptionKind::String => FieldKind::Text,
            OptionKind::Integer => FieldKind::Integer,
            OptionKind::Boolean => FieldKind::Flag,
            OptionKind::Object => FieldKind::Json,
        },
    };
    action.options.iter().map(field).collect()
}

/// `params` as the texts that the inputs of `fields` hold.
pub(crate) fn texts(fields: &[FieldView], params: &Value) -> Vec<(String, String)> {
    let text_of = |field: &FieldView| params.get(&field.key).map(|value| text(value, &field.kind));
    fields
        .iter()
        .map(|field| (field.key.clone(), text_of(field).unwrap_or_default()))
        .collect()
}

/// The field that a problem at `path` belongs to: `params.tags[0]`, `/tags/0` and `tags` are all about `tags`.
pub(crate) fn top_key(path: &str) -> String {
    let path = path.trim_start_matches(['/', '.']);
    let path = path
        .strip_prefix("params")
        .map_or(path, |rest| rest.trim_start_matches(['/', '.']));
    path.split(['/', '.', '[']).next().unwrap_or(path).to_owned()
}

/// Recent params as texts of the fields, each with a label that tells them apart; equal ones once.
pub(crate) fn presets(template: &Template, recent: &[Value]) -> Vec<(String, Vec<(String, String)>)> {
    let mut fields = fields(template);
    fields.retain(|field| field.kind != FieldKind::Secret);
    let mut presets: Vec<(String, Vec<(String, String)>)> = Vec::new();
    for params in recent {
        let texts = texts(&fields, params);
        let label: Vec<&str> = texts
            .iter()
            .map(|(_, text)| text.as_str())
            .filter(|text| !text.is_empty())
            .collect();
        let label: String = label.join(" · ").chars().take(60).collect();
        if !label.is_empty() && !presets.iter().any(|(_, known)| *known == texts) {
            presets.push((label, texts));
        }
    }
    presets
}

/// Without what nobody should read along.
pub(super) fn without_secrets(template: &Template, entered: &HashMap<String, String>) -> Vec<(String, String)> {
    let fields = fields(template);
    let is_secret = |key: &str| {
        fields
            .iter()
            .any(|field| field.key == key && field.kind == FieldKind::Secret)
    };
    let shown = entered.iter().filter(|(key, _)| !is_secret(key));
    shown.map(|(key, text)| (key.clone(), text.clone())).collect()
}

/// What was entered, as params; or the fields that cannot be read. Rules of the schema are checked later.
pub(crate) fn params(
    template: &Template,
    entered: &HashMap<String, String>,
) -> Result<Map<String, Value>, Vec<FieldProblem>> {
    read(fields(template), entered)
}

/// What was entered into `fields`.
pub(crate) fn read(
    fields: Vec<FieldView>,
    entered: &HashMap<String, String>,
) -> Result<Map<String, Value>, Vec<FieldProblem>> {
    let (mut params, mut problems) = (Map::new(), Vec::new());
    for field in fields {
        let text = entered.get(&field.key).map_or("", |text| text.trim());
        match value(text, &field.kind) {
            Ok(Some(value)) => {
                params.insert(field.key, value);
            }
            Ok(None) => {}
            Err(message) => problems.push(FieldProblem {
                field: field.key,
                message,
            }),
        }
    }
    if problems.is_empty() { Ok(params) } else { Err(problems) }
}

fn field(key: &str, schema: &Value, required: bool) -> FieldView {
    let word = |name: &str| schema.get(name).and_then(Value::as_str).map(str::to_owned);
    let limit = |names: [&str; 2]| {
        names
            .iter()
            .find_map(|name| schema.get(*name))
            .filter(|value| value.is_number())
            .map(ToString::to_string)
    };
    let kind = kind(schema);
    let is_number = matches!(kind, FieldKind::Number | FieldKind::Integer);
    FieldView {
        key: key.to_owned(),
        label: word("title").unwrap_or_else(|| in_words(key)),
        help: word("description"),
        required: required && kind != FieldKind::Flag,
        value: schema
            .get("default")
            .filter(|_| kind != FieldKind::Secret)
            .map(|value| text(value, &kind))
            .unwrap_or_default(),
        min: if is_number {
            limit(["minimum", "minimum"])
        } else {
            limit(["minLength", "minLength"])
        },
        max: if is_number {
            limit(["maximum", "maximum"])
        } else {
            limit(["maxLength", "maxLength"])
        },
        pattern: word("pattern"),
        kind,
    }
}

fn kind(schema: &Value) -> FieldKind {
    if let Some(choices) = schema.get("enum").and_then(Value::as_array) {
        return FieldKind::Choice(choices.iter().map(|choice| text(choice, &FieldKind::Text)).collect());
    }
    let is_long = schema
        .get("maxLength")
        .and_then(Value::as_u64)
        .is_some_and(|most| most > LONG_TEXT);
    let format = schema.get("format").and_then(Value::as_str).unwrap_or_default();
    match schema.get("type").and_then(Value::as_str).unwrap_or("string") {
        "string" if schema.get("writeOnly") == Some(&Value::Bool(true)) => FieldKind::Secret,
        "string" if format == "uri" => FieldKind::Address,
        "string" if is_long || matches!(format, "textarea" | "multiline") => FieldKind::Lines,
        "string" => FieldKind::Text,
        "number" => FieldKind::Number,
        "integer" => FieldKind::Integer,
        "boolean" => FieldKind::Flag,
        "array"
            if schema
                .pointer("/items/type")
                .and_then(Value::as_str)
                .unwrap_or("string")
                == "string" =>
        {
            FieldKind::List
        }
        _ => FieldKind::Json,
    }
}

pub(crate) fn text(value: &Value, kind: &FieldKind) -> String {
    match (value, kind) {
        (Value::Null, _) => String::new(),
        (Value::String(text), _) => text.clone(),
        (Value::Array(items), FieldKind::List) => items.iter().map(text_of_item).collect::<Vec<_>>().join("\n"),
        (other, _) => other.to_string(),
    }
}

fn text_of_item(item: &Value) -> String {
    item.as_str().map_or_else(|| item.to_string(), str::to_owned)
}

pub(super) fn value(text: &str, kind: &FieldKind) -> Result<Option<Value>, String> {
    if *kind == FieldKind::Flag {
        return Ok(Some(Value::Bool(matches!(text, "on" | "true"))));
    }
    if text.is_empty() {
        return Ok(None);
    }
    Ok(Some(match kind {
        FieldKind::Integer => Value::Number(
            text.parse::<i64>()
                .map_err(|_| "Enter a whole number.".to_owned())?
                .into(),
        ),
        FieldKind::Number => {
            let number: f64 = text.parse().map_err(|_| "Enter a number, such as 12.5.".to_owned())?;
            Value::Number(Number::from_f64(number).ok_or_else(|| "Enter a finite number.".to_owned())?)
        }
        FieldKind::List => text
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(Value::from)
            .collect(),
        FieldKind::Json => serde_json::from_str(text).map_err(|error| format!("This is not JSON: {error}."))?,
        _ => Value::String(text.to_owned()),
    }))
}

/// `retry_count` → `Retry count`.
fn in_words(key: &str) -> String {
    let words = key.replace(['_', '-'], " ");
    let mut letters = words.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn template() -> Template {
        serde_json::from_value(json!({
            "version": 1, "slug": "t", "title": "T", "steps": [],
            "params": {
                "required": ["url"],
                "properties": {
                    "count": {"type": "integer", "minimum": 1, "maximum": 9, "default": 3},
                    "dry_run": {"type": "boolean"},
                    "tags": {"type": "array", "items": {"type": "string"}},
                    "url": {"type": "string", "format": "uri", "title": "Address"},
                },
            },
        }))
        .unwrap()
    }

    #[test]
    fn a_schema_becomes_fields() {
        let shown: Vec<_> = fields(&template())
            .into_iter()
            .map(|field| (field.label, field.kind, field.required, field.value))
            .collect();
        assert_eq!(
            shown,
            [
                ("Address".to_owned(), FieldKind::Address, true, String::new()),
                ("Count".to_owned(), FieldKind::Integer, false, "3".to_owned()),
                ("Dry run".to_owned(), FieldKind::Flag, false, String::new()),
                ("Tags".to_owned(), FieldKind::List, false, String::new()),
            ]
        );
    }

    #[test]
    fn what_was_entered_becomes_typed_params() {
        let entered = HashMap::from([
            ("count".to_owned(), "4".to_owned()),
            ("tags".to_owned(), "a\n\n b ".to_owned()),
            ("dry_run".to_owned(), "on".to_owned()),
        ]);
        assert_eq!(
            Value::Object(params(&template(), &entered).unwrap()),
            json!({"count": 4, "dry_run": true, "tags": ["a", "b"]})
        );
    }

    #[test]
    fn a_problem_belongs_to_its_top_field() {
        for path in ["tags", "/tags/0", "params.tags[0]", "params/tags"] {
            assert_eq!(top_key(path), "tags", "{path}");
        }
    }

    #[test]
    fn a_secret_is_no_preset_and_does_not_come_back() {
        let properties = json!({"pass": {"type": "string", "writeOnly": true, "default": "x"}, "user": {}});
        let template =
            json!({"version": 1, "slug": "t", "title": "T", "steps": [], "params": {"properties": properties}});
        let template: Template = serde_json::from_value(template).unwrap();
        assert_eq!(fields(&template)[0].kind, FieldKind::Secret);
        assert_eq!(fields(&template)[0].value, "");
        let presets = presets(&template, &[json!({"pass": "p", "user": "u"})]);
        assert_eq!(presets[0].1, [("user".to_owned(), "u".to_owned())]);
        let entered = HashMap::from([("pass".to_owned(), "p".to_owned()), ("user".to_owned(), "u".to_owned())]);
        assert_eq!(
            without_secrets(&template, &entered),
            [("user".to_owned(), "u".to_owned())]
        );
    }

    #[test]
    fn an_unreadable_number_is_named() {
        let entered = HashMap::from([("count".to_owned(), "four".to_owned())]);
        assert_eq!(params(&template(), &entered).unwrap_err()[0].field, "count");
    }

    #[test]
    fn equal_recent_params_are_one_preset() {
        let recent = [
            json!({"url": "http://a"}),
            json!({"url": "http://a"}),
            json!({"url": "http://b", "count": 2}),
        ];
        let labels: Vec<_> = presets(&template(), &recent)
            .into_iter()
            .map(|(label, _)| label)
            .collect();
        assert_eq!(labels, ["http://a", "http://b · 2"]);
    }
}
