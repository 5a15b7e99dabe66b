//! Every field of the form of a template.

use super::{
    field::{Field, Kind},
    language::known_fields,
};
use domain::StepKind;
use runs::template::edit;
use serde_json::Value;

/// JSON types of a parameter.
const TYPES: [&str; 6] = ["string", "number", "integer", "boolean", "array", "object"];
/// What a text may be.
const FORMATS: [&str; 6] = ["uri", "email", "date", "date-time", "multiline", "uuid"];
/// Everything that can be entered.
#[derive(Debug)]
pub(super) struct Fields {
    /// What it is.
    pub(super) head: Vec<Field>,
    /// The parameters, in the order of the text; `None` when they are written as a short list.
    pub(super) params: Option<Vec<Param>>,
    /// The steps.
    pub(super) steps: Vec<Step>,
    /// Limits of the whole run.
    pub(super) policy: Vec<Field>,
}

/// One parameter.
#[derive(Debug)]
pub(super) struct Param {
    /// Its name.
    pub(super) name: String,
    /// Its fields.
    pub(super) fields: Vec<Field>,
    /// Keywords that the form does not know; they stay as they are.
    pub(super) others: Vec<String>,
}

/// One step.
#[derive(Debug)]
pub(super) struct Step {
    /// What people call it.
    pub(super) title: String,
    /// What does the work.
    pub(super) kind: String,
    /// Names, kind and what the kind needs.
    pub(super) fields: Vec<Field>,
    /// When it runs, and how often it is tried.
    pub(super) rules: Vec<Field>,
}

impl Fields {
    /// Those of the template that `source` means.
    pub(super) fn of(source: &str, template: &Value, lanes: &[String], is_new: bool) -> Self {
        let field = |path: &[&str], label: &str, help: &str, kind: Kind| Field::new(template, path, label, help, kind);
        let slug = "Its name in addresses: small letters, digits, _ and -. It stays for ever.";
        let mut head = vec![
            field(&["title"], "Title", "What people call it.", Kind::Text),
            field(
                &["description"],
                "Description",
                "What it is for, in a sentence.",
                Kind::Text,
            ),
            field(
                &["lane"],
                "Lane",
                "Where its runs flow; B when nothing is chosen.",
                Kind::Choice(lanes.to_vec()),
            ),
        ];
        if is_new {
            head.insert(1, field(&["slug"], "Slug", slug, Kind::Text));
        }
        let policy = vec![
            field(
                &["policy", "timeout_seconds"],
                "Longest attempt, seconds",
                "3600 when left empty.",
                Kind::Integer,
            ),
            field(
                &["policy", "max_attempts"],
                "Attempts",
                "3 when left empty, 1 with a script.",
                Kind::Integer,
            ),
            field(
                &["policy", "backoff", "initial_seconds"],
                "First wait, seconds",
                "1 when left empty.",
                Kind::Number,
            ),
            field(
                &["policy", "backoff", "factor"],
                "Each wait is longer by",
                "2 when left empty.",
                Kind::Number,
            ),
            field(
                &["policy", "backoff", "max_seconds"],
                "Longest wait, seconds",
                "300 when left empty.",
                Kind::Number,
            ),
            field(
                &["policy", "restart"],
                "Start over at every attempt",
                "Else it goes on after the last good step.",
                Kind::Flag,
            ),
        ];
        let steps = template.get("steps").and_then(Value::as_array);
        Self {
            head,
            params: params(source, template),
            steps: (0..steps.map_or(0, Vec::len))
                .map(|position| step(template, position))
                .collect(),
            policy,
        }
    }

    /// All of them.
    pub(super) fn all(&self) -> impl Iterator<Item = &Field> {
        let params = self.params.iter().flatten().flat_map(|param| &param.fields);
        let steps = self.steps.iter().flat_map(|step| step.fields.iter().chain(&step.rules));
        self.head.iter().chain(params).chain(steps).chain(&self.policy)
    }
}

fn params(source: &str, template: &Value) -> Option<Vec<Param>> {
    if template.get("params").is_some_and(Value::is_array) {
        return None;
    }
    let path = ["params".to_owned(), "properties".to_owned()];
    let names = edit::names_in_order(source, &path);
    Some(names.into_iter().map(|name| param(template, name)).collect())
}

fn param(template: &Value, name: String) -> Param {
    let schema = template
        .pointer("/params/properties")
        .and_then(|properties| properties.get(&name));
    let kind = schema
        .and_then(|schema| schema.get("type")?.as_str())
        .unwrap_or("string")
        .to_owned();
    let mut known = vec!["type"];
    let mut fields = Vec::new();
    let field = |key: &'static str, label: &str, help: &str, kind: Kind| {
        Field::new(template, &["params", "properties", &name, key], label, help, kind)
    };
    let own =
        |kind: Kind, label: &str, help: &str| Field::new(template, &["params", "properties", &name], label, help, kind);
    fields.push(own(Kind::Name, "Name", "As steps write it: params.NAME."));
    fields.push(field("type", "Type", "", words(&TYPES)));
    fields.push(own(Kind::Required, "Required", ""));
    let mut add = |key: &'static str, label: &str, help: &str, kind: Kind| {
        known.push(key);
        fields.push(field(key, label, help, kind));
    };
    add("title", "Label", "What the start form calls it.", Kind::Text);
    add("description", "Help", "What to enter.", Kind::Text);
    match kind.as_str() {
        "array" => add("default", "Default", "One per line.", Kind::List("string".to_owned())),
        _ => add("default", "Default", "", Kind::Typed(kind.clone())),
    }
    match kind.as_str() {
        "string" => {
            add("format", "Format", "", words(&FORMATS));
            add("enum", "Choices", "One per line.", Kind::List(kind));
            add("minLength", "Shortest", "Letters.", Kind::Integer);
            add(
                "maxLength",
                "Longest",
                "Letters; over 200 it gets several lines.",
                Kind::Integer,
            );
            add("pattern", "Pattern", "A regular expression.", Kind::Text);
            add(
                "writeOnly",
                "Secret",
                "Hidden while it is entered, and no recent value. It is stored with the run: for credentials use secrets.NAME.",
                Kind::Flag,
            );
        }
        "number" | "integer" => {
            add("minimum", "Least", "", Kind::Typed(kind.clone()));
            add("maximum", "Most", "", Kind::Typed(kind.clone()));
            add("enum", "Choices", "One per line.", Kind::List(kind));
        }
        "array" => {
            add("minItems", "Fewest", "", Kind::Integer);
            add("maxItems", "Most", "", Kind::Integer);
        }
        _ => {}
    }
    let keywords = schema
        .and_then(Value::as_object)
        .into_iter()
        .flat_map(|schema| schema.keys());
    let others = keywords.filter(|key| !known.contains(&key.as_str())).cloned().collect();
    Param { name, fields, others }
}

fn step(template: &Value, position: usize) -> Step {
    let at = position.to_string();
    let field = |path: &[&str], label: &str, help: &str, kind: Kind| {
        Field::new(template, &[&["steps", &at], path].concat(), label, help, kind)
    };
    let written = &template["steps"][position];
    let word = |key: &str| written.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let kind = word("kind");
    let mut fields = vec![
        field(&["id"], "Id", "Later steps call it so.", Kind::Text),
        field(
            &["title"],
            "Title",
            "What people call it; the id when left empty.",
            Kind::Text,
        ),
        field(
            &["kind"],
            "Kind",
            "What does the work.",
            words(&StepKind::ALL.map(StepKind::as_str)),
        ),
    ];
    fields.extend(
        known_fields(&kind)
            .into_iter()
            .map(|(name, help, kind)| field(&["with", &name], &in_words(&name), &help, kind)),
    );
    let rules = vec![
        field(
            &["if"],
            "Only if",
            "An expression, such as params.send == true; left empty it always runs.",
            Kind::Text,
        ),
        field(
            &["needs"],
            "After",
            "Ids with commas. Left empty: the step before. The word none: no step.",
            Kind::Names,
        ),
        field(&["timeout_seconds"], "Longest try, seconds", "", Kind::Integer),
        field(&["retry", "max_attempts"], "Tries", "1 when left empty.", Kind::Integer),
        field(
            &["retry", "backoff", "initial_seconds"],
            "First wait, seconds",
            "1 when left empty.",
            Kind::Number,
        ),
        field(
            &["retry", "backoff", "factor"],
            "Each wait is longer by",
            "2 when left empty.",
            Kind::Number,
        ),
        field(
            &["retry", "backoff", "max_seconds"],
            "Longest wait, seconds",
            "300 when left empty.",
            Kind::Number,
        ),
        field(
            &["on_failure"],
            "When it fails",
            "The run fails unless it may continue.",
            words(&["abort", "continue"]),
        ),
    ];
    let title = Some(word("title"))
        .filter(|title| !title.is_empty())
        .unwrap_or_else(|| word("id"));
    Step {
        title,
        kind,
        fields,
        rules,
    }
}

fn words(words: &[&str]) -> Kind {
    Kind::Choice(words.iter().map(|&word| word.to_owned()).collect())
}

/// `expect_status` → `Expect status`.
fn in_words(key: &str) -> String {
    let words = key.replace('_', " ");
    let mut letters = words.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_that_the_form_does_not_know_are_named() {
        let source = "params: { properties: { b: { type: string, x-own: 1 }, a: {} } }\n";
        let template = edit::value_of(source).unwrap();
        let fields = Fields::of(source, &template, &[], false);
        let params = fields.params.unwrap();
        assert_eq!(
            (params[0].name.as_str(), params[0].others.as_slice()),
            ("b", &["x-own".to_owned()][..])
        );
        assert_eq!(params[1].name, "a");
    }
}
