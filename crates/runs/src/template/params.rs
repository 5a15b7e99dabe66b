//! Whether the parameters a caller gives fit the schema of a template.

use super::words;
use domain::Template;
use serde_json::Value;

/// One parameter that does not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParamProblem {
    /// Path, such as `params.url`.
    pub path: String,
    /// What is wrong and what to do.
    pub message: String,
}

/// Compares `params` with the JSON Schema of `template`, formats included; empty means they fit.
pub fn check_params(template: &Template, params: &Value) -> Vec<ParamProblem> {
    let schema = Value::Object(template.params.as_object().clone());
    let validator = match words::validator(&schema) {
        Ok(validator) => validator,
        Err(error) => {
            return vec![ParamProblem {
                path: "params".to_owned(),
                message: format!("The template's own schema of its parameters is not valid: {error}."),
            }];
        }
    };
    words::problems(&validator, &schema, params, "params")
        .into_iter()
        .map(|problem| ParamProblem {
            path: problem.path,
            message: problem.message,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn problems(params: &Value) -> Vec<(String, String)> {
        let template = serde_json::from_value(json!({
            "version": 1, "slug": "t", "title": "T", "steps": [],
            "params": {
                "required": ["url"],
                "properties": {
                    "url": {"type": "string", "format": "uri"},
                    "count": {"type": "integer", "minimum": 1, "maximum": 9},
                    "level": {"enum": ["low", "high"]},
                },
            },
        }))
        .unwrap();
        check_params(&template, params)
            .into_iter()
            .map(|problem| (problem.path, problem.message))
            .collect()
    }

    #[test]
    fn what_fits_has_no_problem() {
        assert_eq!(
            problems(&json!({"url": "http://127.0.0.1:8080/healthz", "count": 3, "level": "low"})),
            []
        );
    }

    #[test]
    fn each_problem_names_its_parameter_in_words() {
        assert_eq!(
            problems(&json!({"url": "no address", "count": 12, "level": "middle", "extra": 1})),
            [
                ("params.count", "This must be at most 9."),
                ("params.level", "This must be one of low, high."),
                (
                    "params.url",
                    "This must be a full address, such as https://example.com/path."
                ),
                (
                    "params.extra",
                    r#""extra" is not known here; known are count, level, url."#
                ),
            ]
            .map(|(path, message)| (path.to_owned(), message.to_owned()))
        );
    }

    #[test]
    fn a_missing_parameter_is_named_where_it_belongs() {
        assert_eq!(
            problems(&json!({})),
            [("params.url".to_owned(), r#""url" is missing."#.to_owned())]
        );
    }
}
