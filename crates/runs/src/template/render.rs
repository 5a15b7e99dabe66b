//! Fills in the values of one step: what stands between `{{` and `}}`.

use super::growth::{self, BoundedText};
use domain::Step;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior, Value as Jinja, value::Serde};
use serde::Serialize;
use serde_json::{Map, Value};
use std::{
    collections::{BTreeMap, HashSet},
    sync::LazyLock,
};

/// Instructions one text may take; a page of text takes a few hundred.
const FUEL: u64 = 100_000;

/// What the texts of a step may refer to.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Scope {
    /// Parameters of the run, defaults filled in.
    pub params: Value,
    /// The run itself.
    pub run: RunFacts,
    /// Steps that ended, by id.
    pub steps: BTreeMap<String, StepFacts>,
    /// Values of the secrets that the step names.
    pub secrets: BTreeMap<String, String>,
}

/// What a step may know of its run.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RunFacts {
    /// Id known to people.
    pub run_id: String,
    /// What a person called it.
    pub title: String,
    /// Number of the attempt, from 1.
    pub attempt: i32,
    /// Lane it flows in.
    pub lane: String,
    /// Environment the caller named.
    pub env: String,
    /// Slug of the template.
    pub template: String,
}

/// What a step may know of a step that ended.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct StepFacts {
    /// What it left for later steps; null unless it ended well.
    pub output: Value,
    /// A word of `domain::StepStatus`.
    pub status: String,
}

/// A text of a step that could not be filled in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {message}")]
pub struct RenderError {
    /// Path inside the step, such as `with.url`.
    pub path: String,
    /// What is wrong and what to do.
    pub message: String,
}

static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.set_fuel(Some(FUEL));
    environment.set_recursion_limit(50);
    // It prints everything in scope, secrets included.
    environment.remove_global("debug");
    growth::bound(&mut environment);
    environment
});

/// Fills in every text in `with`. A text that is one `{{ expression }}` keeps the JSON type of its
/// value; a script is left as it is written.
pub fn render_with<K>(step: &Step<K>, scope: &Scope) -> Result<Map<String, Value>, RenderError> {
    let context = Jinja::from(Serde(scope));
    step.with
        .iter()
        .map(|(name, value)| {
            let rendered = if name == "script" {
                value.clone()
            } else {
                render(value, &format!("with.{name}"), scope, &context)?
            };
            Ok((name.clone(), rendered))
        })
        .collect()
}

/// Decides the condition of a step; a step without one runs.
pub fn condition_holds<K>(step: &Step<K>, scope: &Scope) -> Result<bool, RenderError> {
    let Some(condition) = &step.condition else {
        return Ok(true);
    };
    let source = bare_condition(condition);
    evaluate(source, &Jinja::from(Serde(scope)))
        .map(|value| value.is_true())
        .map_err(|error| RenderError {
            path: "if".to_owned(),
            message: explain(&error, names_of(source), scope),
        })
}

/// The names a text refers to, or why it cannot be read.
pub(super) fn names_in_value(text: &str) -> Result<HashSet<String>, String> {
    match single_expression(text) {
        Some(source) => names_in_condition(source),
        None => growth::check_source(text)
            .and_then(|()| ENVIRONMENT.template_from_str(text))
            .map(|template| template.undeclared_variables(true))
            .map_err(|error| unreadable(&error)),
    }
}

/// The names a condition refers to, or why it cannot be read.
pub(super) fn names_in_condition(text: &str) -> Result<HashSet<String>, String> {
    let source = bare_condition(text);
    growth::check_expression(source)
        .and_then(|()| ENVIRONMENT.compile_expression(source))
        .map(|expression| expression.undeclared_variables(true))
        .map_err(|error| unreadable(&error))
}

/// Whether `name` is a function that every text may call.
pub(super) fn is_function(name: &str) -> bool {
    ENVIRONMENT.globals().any(|(known, _)| known == name)
}

fn render(value: &Value, path: &str, scope: &Scope, context: &Jinja) -> Result<Value, RenderError> {
    match value {
        Value::String(text) => render_text(text, context).map_err(|error| RenderError {
            path: path.to_owned(),
            message: explain(&error, names_in_value(text).unwrap_or_default(), scope),
        }),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(position, item)| render(item, &format!("{path}[{position}]"), scope, context))
            .collect::<Result<_, _>>()
            .map(Value::Array),
        Value::Object(map) => map
            .iter()
            .map(|(name, value)| Ok((name.clone(), render(value, &format!("{path}.{name}"), scope, context)?)))
            .collect::<Result<_, _>>()
            .map(Value::Object),
        other => Ok(other.clone()),
    }
}

fn render_text(text: &str, context: &Jinja) -> Result<Value, Error> {
    if !text.contains("{{") && !text.contains("{%") && !text.contains("{#") {
        return Ok(Value::String(text.to_owned()));
    }
    if let Some(source) = single_expression(text) {
        let value = evaluate(source, context)?;
        growth::check_value(&value)?;
        return serde_json::to_value(value).map_err(|error| Error::new(ErrorKind::BadSerialization, error.to_string()));
    }
    growth::check_source(text)?;
    growth::begin();
    let mut rendered = BoundedText::default();
    let written = ENVIRONMENT
        .template_from_str(text)?
        .render_captured_to(context, &mut rendered)
        .map(drop);
    match written {
        Err(error) if error.kind() == ErrorKind::WriteFailure => Err(growth::too_long()),
        other => other.map(|()| Value::String(rendered.into_text())),
    }
}

fn evaluate(source: &str, context: &Jinja) -> Result<Jinja, Error> {
    growth::check_expression(source)?;
    growth::begin();
    let value = ENVIRONMENT.compile_expression_owned(source.to_owned())?.eval(context)?;
    // A bare name that is missing evaluates to undefined without complaint.
    if value.is_undefined() {
        Err(Error::from(ErrorKind::UndefinedError))
    } else {
        Ok(value)
    }
}

/// The expression of a text that is exactly one `{{ … }}`.
fn single_expression(text: &str) -> Option<&str> {
    let source = text.trim().strip_prefix("{{")?.strip_suffix("}}")?;
    // `{{-` and `-}}` trim the text around, which there is none of: left to the text renderer.
    let trims = source.starts_with(['-', '+']) || source.ends_with(['-', '+']);
    (!trims && ENVIRONMENT.compile_expression(source).is_ok()).then_some(source)
}

/// A condition may be written with or without the braces.
fn bare_condition(text: &str) -> &str {
    single_expression(text).unwrap_or(text)
}

fn names_of(source: &str) -> HashSet<String> {
    names_in_condition(source).unwrap_or_default()
}

fn unreadable(error: &Error) -> String {
    format!(
        "This cannot be read: {}.",
        error.detail().unwrap_or("it is not an expression")
    )
}

/// Says which name has no value, when that is what went wrong.
fn explain(error: &Error, names: HashSet<String>, scope: &Scope) -> String {
    match error.kind() {
        ErrorKind::UndefinedError => {
            let known = serde_json::to_value(scope).unwrap_or_default();
            let mut missing: Vec<String> = names.into_iter().filter(|name| !has_value(&known, name)).collect();
            missing.sort();
            match missing.first() {
                Some(name) => format!("{name} has no value; give it one, or write {{{{ {name} | default(…) }}}}."),
                None => "A name in it has no value.".to_owned(),
            }
        }
        ErrorKind::OutOfFuel => "It takes too long to work out; make it shorter.".to_owned(),
        kind => match error.detail() {
            Some(detail) => format!("It cannot be worked out: {detail}."),
            None => format!("It cannot be worked out: {kind}."),
        },
    }
}

fn has_value(known: &Value, name: &str) -> bool {
    name.split('.').try_fold(known, |value, part| value.get(part)).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn scope() -> Scope {
        Scope {
            params: json!({"url": "http://x/", "count": 3, "tags": ["a", "b"], "on": false}),
            run: RunFacts {
                run_id: "run_x".to_owned(),
                attempt: 2,
                ..RunFacts::default()
            },
            steps: [
                (
                    "probe".to_owned(),
                    StepFacts {
                        output: json!({"status": 200}),
                        status: "success".to_owned(),
                    },
                ),
                (
                    "odd-name".to_owned(),
                    StepFacts {
                        output: Value::Null,
                        status: "skipped".to_owned(),
                    },
                ),
            ]
            .into(),
            secrets: [("TOKEN".to_owned(), "s3cret".to_owned())].into(),
        }
    }

    fn rendered(text: &str) -> Result<Value, String> {
        let step: Step = serde_json::from_value(json!({"id": "a", "kind": "api", "with": {"x": text}})).unwrap();
        render_with(&step, &scope())
            .map(|mut with| with.remove("x").unwrap())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn one_expression_keeps_the_type_of_its_value() {
        assert_eq!(rendered("{{ params.count }}"), Ok(json!(3)));
        assert_eq!(rendered(" {{ params.tags }} "), Ok(json!(["a", "b"])));
        assert_eq!(rendered("{{ steps.probe.output }}"), Ok(json!({"status": 200})));
        assert_eq!(rendered("{{ params.on }}"), Ok(json!(false)));
    }

    #[test]
    fn a_text_with_values_in_it_stays_a_text() {
        assert_eq!(rendered("{{ params.count }} of {{ run.attempt }}"), Ok(json!("3 of 2")));
        assert_eq!(rendered("Bearer {{ secrets.TOKEN }}"), Ok(json!("Bearer s3cret")));
        assert_eq!(rendered("no values"), Ok(json!("no values")));
    }

    #[test]
    fn a_name_without_a_value_is_an_error_that_names_it() {
        for text in [
            "{{ params.missing }}",
            "x {{ params.missing }}",
            "{{ params.missing.deeper }}",
        ] {
            let error = rendered(text).unwrap_err();
            assert!(error.starts_with("with.x: params.missing"), "{error}");
            assert!(error.contains("has no value"), "{error}");
        }
        assert_eq!(rendered("{{ params.missing | default('none') }}"), Ok(json!("none")));
    }

    #[test]
    fn a_skipped_step_has_a_status_and_an_empty_output() {
        assert_eq!(rendered(r#"{{ steps["odd-name"].status }}"#), Ok(json!("skipped")));
        assert_eq!(
            rendered(r#"{{ steps["odd-name"].output.x | default(1) }}"#),
            Ok(json!(1))
        );
    }

    #[test]
    fn an_endless_text_runs_out_of_fuel() {
        let text = "{{ params.count + 1 }}".repeat(40_000);
        assert_eq!(
            rendered(&text),
            Err("with.x: It takes too long to work out; make it shorter.".to_owned())
        );
    }

    #[test]
    fn a_text_may_have_no_statements() {
        let error = rendered("{% for a in range(9) %}x{% endfor %}").unwrap_err();
        assert!(error.contains("no {% statements %}"), "{error}");
    }

    #[test]
    fn no_text_grows_past_its_bound() {
        let big = "x".repeat(1000 * 1000);
        let mut scope = scope();
        scope.params["big"] = json!(big);
        let fails = |text: &str| {
            let step: Step = serde_json::from_value(json!({"id": "a", "kind": "api", "with": {"x": text}})).unwrap();
            render_with(&step, &scope).expect_err(text).to_string()
        };
        for text in [
            "{{ params.big | replace('x', params.big) }}",
            "{{ params.big | replace('', params.big) }}",
            "{{ range(99999) | join(params.big) }}",
            "{{ '%1000000000d' | format(1) }}",
            "{{ '%*d' | format(1000000000, 1) }}",
            "{{ 'a\\nb' | indent(1000000000) }}",
            "{{ 'a\\nb' | indent(width=1000000000) }}",
            "{{ [1] | slice(1000000000) | length }}",
            "{{ [1] | batch(1000000000, 'x') | length }}",
            "{{ [1] | tojson(indent=1000000000) }}",
            "{{ range(99999) | map('replace', '1', params.big) | list | length }}",
            "{{ [params.big, params.big] }}",
            "{{ params.big ~ params.big }}",
            "a {{ params.big }}{{ params.big }}",
        ] {
            let error = fails(text);
            assert!(error.contains("longer than 1024 KiB"), "{text}: {error}");
        }
        let error = fails(&format!("{{{{ ''{} }}}}", " ~ params.big".repeat(65)));
        assert!(error.contains("at most 64 times"), "{error}");
        let error = fails("{{ params.big * 9 * 9 * 9 * 9 * 9 }}");
        assert!(error.contains("at most 4 times"), "{error}");
        assert_eq!(
            rendered("{{ params.tags | join(' ~~** ') | replace('a', 'b') | indent(2) }}"),
            Ok(json!("b ~~** b"))
        );
    }

    #[test]
    fn a_script_is_never_filled_in() {
        let step: Step =
            serde_json::from_value(json!({"id": "a", "kind": "shell", "with": {"script": "echo {{ x }}"}})).unwrap();
        assert_eq!(render_with(&step, &scope()).unwrap()["script"], json!("echo {{ x }}"));
    }

    #[test]
    fn conditions_are_expressions_with_or_without_braces() {
        let holds = |text: &str| {
            let step: Step = serde_json::from_value(json!({"id": "a", "kind": "api", "if": text})).unwrap();
            condition_holds(&step, &scope()).map_err(|error| error.to_string())
        };
        assert_eq!(holds("steps.probe.output.status == 200"), Ok(true));
        assert_eq!(holds("{{ params.on }}"), Ok(false));
        assert_eq!(holds("'a' in params.tags and params.count > 5"), Ok(false));
        assert!(holds("params.missing").unwrap_err().contains("params.missing"));
    }
}
