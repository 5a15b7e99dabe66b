//! What a JSON Schema says about a value, as sentences with a place.

use jsonschema::{
    ValidationError, Validator,
    error::{TypeKind, ValidationErrorKind},
    paths::LocationSegment,
};
use serde_json::Value;

/// One thing wrong, with its path.
pub(super) struct Problem {
    /// Path from the root, such as `steps[1].with.url`.
    pub(super) path: String,
    /// What is wrong and what to do.
    pub(super) message: String,
}

/// A validator that checks formats and fetches nothing.
pub(super) fn validator(schema: &Value) -> Result<Validator, ValidationError<'static>> {
    jsonschema::draft202012::options()
        .should_validate_formats(true)
        .build(schema)
}

/// What `validator`, made from `schema`, finds in `value`; paths begin with `root`.
pub(super) fn problems(validator: &Validator, schema: &Value, value: &Value, root: &str) -> Vec<Problem> {
    validator
        .iter_errors(value)
        .flat_map(|error| in_words(&error, schema, root))
        .collect()
}

fn in_words(error: &ValidationError<'_>, schema: &Value, root: &str) -> Vec<Problem> {
    let place = path(error, root);
    let own_words = own_words(error, schema);
    let problem = |path: String, message: String| Problem { path, message };
    match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            let known = known_names(error, schema);
            let hint = if known.is_empty() {
                String::new()
            } else {
                format!("; known are {}", known.join(", "))
            };
            unexpected
                .iter()
                .map(|name| problem(join(&place, name), format!("{name:?} is not known here{hint}.")))
                .collect()
        }
        ValidationErrorKind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            vec![problem(join(&place, name), format!("{name:?} is missing."))]
        }
        ValidationErrorKind::PropertyNames { error: inner } => {
            let name = inner.instance().as_str().unwrap_or_default().to_owned();
            let message = self::own_words(inner, schema)
                .or(own_words)
                .unwrap_or_else(|| format!("{name:?} cannot be a name here."));
            vec![problem(join(&place, &name), message)]
        }
        kind => {
            let message = own_words.unwrap_or_else(|| sentence(kind, error));
            vec![problem(place, message)]
        }
    }
}

fn sentence(kind: &ValidationErrorKind, error: &ValidationError<'_>) -> String {
    match kind {
        ValidationErrorKind::Type { kind } => {
            let wanted: Vec<String> = match kind {
                TypeKind::Single(kind) => vec![kind.to_string()],
                TypeKind::Multiple(kinds) => kinds.iter().map(|kind| kind.to_string()).collect(),
            };
            format!(
                "This must be {}.",
                wanted
                    .iter()
                    .map(|name| with_article(name))
                    .collect::<Vec<_>>()
                    .join(" or ")
            )
        }
        ValidationErrorKind::Enum { options } => {
            let options: Vec<String> = options.as_array().into_iter().flatten().map(plain).collect();
            format!("This must be one of {}.", options.join(", "))
        }
        ValidationErrorKind::Constant { expected_value } => format!("This must be {}.", plain(expected_value)),
        ValidationErrorKind::Format { format } => match format.as_str() {
            "uri" => "This must be a full address, such as https://example.com/path.".to_owned(),
            "email" => "This must be an e-mail address.".to_owned(),
            "date" => "This must be a date, such as 2026-01-31.".to_owned(),
            "date-time" => "This must be a time, such as 2026-01-31T09:30:00Z.".to_owned(),
            other => format!("This must have the format {other}."),
        },
        ValidationErrorKind::Pattern { pattern } => format!("This must match {pattern}."),
        ValidationErrorKind::MinLength { limit: 1 } => "This must not be empty.".to_owned(),
        ValidationErrorKind::MinLength { limit } => format!("This needs at least {limit} characters."),
        ValidationErrorKind::MaxLength { limit } => format!("This may have at most {limit} characters."),
        ValidationErrorKind::MinItems { limit } => format!("This needs at least {limit} entries."),
        ValidationErrorKind::MaxItems { limit } => format!("This may have at most {limit} entries."),
        ValidationErrorKind::Minimum { limit } => format!("This must be at least {limit}."),
        ValidationErrorKind::Maximum { limit } => format!("This must be at most {limit}."),
        ValidationErrorKind::ExclusiveMinimum { limit } => format!("This must be more than {limit}."),
        ValidationErrorKind::ExclusiveMaximum { limit } => format!("This must be less than {limit}."),
        ValidationErrorKind::UniqueItems => "Each entry may stand here once.".to_owned(),
        // The library's own words, without the value: it may be a password.
        _ => format!("{}.", error.masked_with("this value")),
    }
}

/// The `errorMessage` beside the keyword that failed, or beside the `$ref` that led there.
fn own_words(error: &ValidationError<'_>, schema: &Value) -> Option<String> {
    [error.schema_path().as_str(), error.evaluation_path().as_str()]
        .into_iter()
        .filter_map(|path| path.rsplit_once('/'))
        .find_map(|(parent, _)| schema.pointer(parent)?.get("errorMessage")?.as_str())
        .map(str::to_owned)
}

/// The names that the schema object which failed knows.
fn known_names<'s>(error: &ValidationError<'_>, schema: &'s Value) -> Vec<&'s str> {
    error
        .schema_path()
        .as_str()
        .rsplit_once('/')
        .and_then(|(parent, _)| schema.pointer(parent)?.get("properties")?.as_object())
        .into_iter()
        .flat_map(|properties| properties.keys())
        .map(String::as_str)
        .collect()
}

fn path(error: &ValidationError<'_>, root: &str) -> String {
    error
        .instance_path()
        .segments()
        .fold(root.to_owned(), |path, segment| match segment {
            LocationSegment::Property(name) => join(&path, &name),
            LocationSegment::Index(index) => format!("{path}[{index}]"),
        })
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}

fn with_article(kind: &str) -> String {
    match kind {
        "array" => "a list".to_owned(),
        "integer" => "a whole number".to_owned(),
        "string" => "a text".to_owned(),
        "boolean" => "true or false".to_owned(),
        "null" => "null".to_owned(),
        "object" => "an object".to_owned(),
        other => format!("a {other}"),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
