//! From the text of a template to a checked definition.

use super::{actions, names, place::Places, words};
use domain::Template;
use jsonschema::Validator;
use serde_json::Value;
use std::sync::LazyLock;

/// The published JSON Schema of the template language.
pub const SCHEMA: &str = include_str!("../../../../public/schema/template.v1.json");

/// Longest text of a template, in bytes.
const LONGEST_SOURCE: usize = 512 * 1024;

/// One thing wrong with a template, with the place in its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Path from the root, such as `steps[1].with.script`; empty for the text as a whole.
    pub path: String,
    /// What is wrong and what to do.
    pub message: String,
    /// Line, from 1, when it is known.
    pub line: Option<u64>,
    /// Column, from 1, when it is known.
    pub column: Option<u64>,
}

struct Language {
    schema: Value,
    validator: Validator,
}

static LANGUAGE: LazyLock<Language> = LazyLock::new(|| {
    let schema: Value = serde_json::from_str(SCHEMA).expect("the published schema is JSON: a test reads it");
    let validator = words::validator(&schema).expect("the published schema is valid: a test compiles it");
    Language { schema, validator }
});

/// Reads YAML or JSON, checks it against the published schema and every rule that can be known
/// before a run, and fills in the defaults.
pub fn parse(source: &str) -> Result<Template, Vec<Finding>> {
    if source.len() > LONGEST_SOURCE {
        let message = format!("A template may have at most {} KiB.", LONGEST_SOURCE / 1024);
        return Err(vec![Finding {
            path: String::new(),
            message,
            line: None,
            column: None,
        }]);
    }
    let value = read(source).map_err(|finding| vec![finding])?;
    let located = |findings: Vec<(String, String)>| {
        let places = Places::read(source);
        findings
            .into_iter()
            .map(|(path, message)| {
                let (line, column) = places.as_ref().map(|places| places.find(&path)).unzip();
                Finding {
                    path,
                    message,
                    line,
                    column,
                }
            })
            .collect::<Vec<_>>()
    };

    let problems = words::problems(&LANGUAGE.validator, &LANGUAGE.schema, &value, "");
    if !problems.is_empty() {
        let findings = problems.into_iter().map(|problem| (problem.path, problem.message));
        return Err(located(findings.collect()));
    }
    let template: Template =
        serde_json::from_value(value).map_err(|error| located(vec![(String::new(), format!("{error}."))]))?;
    let mut findings: Vec<(String, String)> = domain::check(&template)
        .into_iter()
        .map(|finding| (finding.path, finding.message))
        .collect();
    findings.extend(params_schema_problem(&template));
    findings.extend(names::check(&template));
    findings.extend(actions::check(&template));
    if findings.is_empty() {
        Ok(template.normalized())
    } else {
        Err(located(findings))
    }
}

/// Reads the text as JSON when it looks like it, else as YAML.
pub(super) fn read(source: &str) -> Result<Value, Finding> {
    if source.trim_start().starts_with('{')
        && let Ok(value) = serde_json::from_str(source)
    {
        return Ok(value);
    }
    serde_saphyr::from_str(source).map_err(|error| {
        let plain = error.without_snippet();
        let at = plain.location();
        let message = plain.render_with_formatter(&serde_saphyr::UserMessageFormatter);
        // The place has fields of its own.
        let message = message.split(" at line ").next().unwrap_or_default();
        Finding {
            path: String::new(),
            message: format!("The text cannot be read: {}.", message.trim_end_matches('.')),
            line: at.map(|at| at.line()),
            column: at.map(|at| at.column()),
        }
    })
}

fn params_schema_problem(template: &Template) -> Option<(String, String)> {
    let schema = Value::Object(template.params.as_object().clone());
    let error = words::validator(&schema).err()?;
    let path = error.instance_path().as_str().replace('/', ".");
    Some((
        format!("params{path}"),
        format!("This is not a valid JSON Schema: {}.", error.masked_with("the value")),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(source: &str) -> Vec<(String, Option<u64>, String)> {
        parse(source)
            .unwrap_err()
            .into_iter()
            .map(|finding| (finding.path, finding.line, finding.message))
            .collect()
    }

    const HEAD: &str = "version: 1\nslug: t\ntitle: T\n";

    #[test]
    fn yaml_and_json_mean_the_same() {
        let yaml = format!("{HEAD}steps:\n  - {{ id: a, kind: shell, with: {{ script: 'true' }} }}\n");
        let json = r#"{"version": 1, "slug": "t", "title": "T",
            "steps": [{"id": "a", "kind": "shell", "with": {"script": "true"}}]}"#;
        assert_eq!(parse(&yaml).unwrap(), parse(json).unwrap());
    }

    #[test]
    fn a_text_that_is_no_yaml_is_refused_with_its_place() {
        let found = parse("version: 1\nsteps: [a\n").unwrap_err();
        assert_eq!(found.len(), 1);
        assert!(found[0].line.is_some() && found[0].column.is_some());
        assert!(
            found[0].message.starts_with("The text cannot be read: "),
            "{}",
            found[0].message
        );
        assert!(!found[0].message.contains('\n'), "{}", found[0].message);
    }

    #[test]
    fn every_fault_of_form_is_found_at_its_line() {
        let source = format!(
            "{HEAD}lane: b\nsteps:\n  - id: A\n    kind: rocket\n    wiht: {{}}\n  - id: b\n    kind: api\n    with: {{ url: 'ftp://x', expect_status: [20] }}\n"
        );
        let mut found: Vec<_> = findings(&source)
            .into_iter()
            .map(|(path, line, _)| (path, line))
            .collect();
        found.sort();
        assert_eq!(
            found,
            [
                ("lane", 4),
                ("steps[0].id", 6),
                ("steps[0].kind", 7),
                ("steps[0].wiht", 8),
                ("steps[1].with.expect_status[0]", 11),
                ("steps[1].with.url", 11),
            ]
            .map(|(path, line)| (path.to_owned(), Some(line)))
        );
    }

    #[test]
    fn names_that_nothing_will_have_are_found_before_a_run() {
        let step = |with: &str| {
            format!(
                "{HEAD}params: [{{ key: url }}]\nsteps:\n  - {{ id: one, kind: shell, with: {{ script: 'true' }} }}\n  - {{ id: two, kind: api, needs: [], with: {{ url: '{with}' }} }}\n"
            )
        };
        for (text, words) in [
            ("{{ params.urls }}", "params.urls is not a parameter"),
            ("{{ steps.three.output }}", "steps.three is not a step"),
            ("{{ steps.two.output }}", "Step two does not end before step two"),
            ("{{ steps.one.output }}", "Step two does not wait for one"),
            ("{{ run.id }}", "run.id is not known; known are run_id"),
            ("{{ secrets }}", "secrets.NAME"),
            ("{{ password }}", "password is not known here"),
            ("{{ params.url", "This cannot be read"),
            ("{{ params.url }}{% if true %}x{% endif %}", "no {% statements %}"),
        ] {
            let found = findings(&step(text));
            assert_eq!(
                (found.len(), found[0].0.as_str(), found[0].1),
                (1, "steps[1].with.url", Some(7)),
                "{text}"
            );
            assert!(found[0].2.contains(words), "{text}: {}", found[0].2);
        }
        assert!(parse(&step("{{ params.url }}/{{ run.run_id }}?key={{ secrets.API_KEY }}")).is_ok());
    }

    #[test]
    fn an_interpolated_script_and_two_bodies_are_refused() {
        let source = format!(
            "{HEAD}steps:\n  - {{ id: a, kind: shell, with: {{ script: 'echo {{{{ params.x }}}}' }} }}\n  - {{ id: b, kind: api, with: {{ url: 'http://x', body: a, json: 1 }} }}\n"
        );
        let paths: Vec<_> = findings(&source).into_iter().map(|(path, ..)| path).collect();
        assert_eq!(paths, ["steps[0].with.script", "steps[1].with.json"]);
    }

    #[test]
    fn a_broken_schema_of_the_params_is_found() {
        let source = format!(
            "{HEAD}params: {{ type: object, properties: {{ a: {{ type: texty }} }} }}\nsteps: [{{ id: a, kind: shell, with: {{ script: 'true' }} }}]\n"
        );
        let found = findings(&source);
        assert!(found[0].0.starts_with("params.properties.a"), "{found:?}");
        assert_eq!(found[0].1, Some(4));
    }
}
