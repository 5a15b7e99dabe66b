//! Whether scope and options fit an action.

use super::Action;
use serde_json::{Map, Value};

/// A field that does not fit an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    /// Path of the field.
    pub field: String,
    /// What is wrong and what is allowed.
    pub message: String,
}

/// Finds the first field that does not fit `action`.
pub fn check(action: &Action, scope: Option<&Value>, options: &Map<String, Value>) -> Result<(), Misfit> {
    if scope.is_some() && action.scopes.is_empty() {
        return Err(Misfit {
            field: "scope".to_owned(),
            message: format!("{} works on no rows and takes no scope.", action.name),
        });
    }
    for (name, value) in options {
        let wrong = |message| Misfit {
            field: format!("options.{name}"),
            message,
        };
        match action.options.iter().find(|option| option.name == name) {
            None => {
                let known: Vec<&str> = action.options.iter().map(|option| option.name).collect();
                let known = known.join(", ");
                return Err(wrong(format!(
                    "{} has no option {name:?}; it has: {known}.",
                    action.name
                )));
            }
            Some(option) if !(option.kind.fits(value) || value.is_null() && !option.required) => {
                return Err(wrong(format!("{name} must be of type {}.", option.kind.as_str())));
            }
            Some(_) => {}
        }
    }
    for option in action.options.iter().filter(|option| option.required) {
        if !options.contains_key(option.name) {
            return Err(Misfit {
                field: format!("options.{}", option.name),
                message: format!("{} is missing: {}", option.name, option.meaning),
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::find;
    use serde_json::json;

    fn refused(options: &Value, scope: Option<&Value>) -> Option<String> {
        let action = find("template.run").unwrap();
        check(action, scope, options.as_object().unwrap())
            .err()
            .map(|misfit| misfit.field)
    }

    #[test]
    fn a_wrong_request_names_its_field() {
        let fields = [
            refused(&json!({}), None),
            refused(&json!({"template": 3}), None),
            refused(&json!({"template": "x", "limit": 3}), None),
            refused(&json!({"template": "x", "wait": "yes"}), None),
            refused(&json!({"template": "x"}), Some(&json!({"type": "all"}))),
        ];
        let expected = [
            "options.template",
            "options.template",
            "options.limit",
            "options.wait",
            "scope",
        ];
        assert_eq!(fields, expected.map(|field| Some(field.to_owned())));
    }

    #[test]
    fn null_stands_for_an_option_left_out() {
        assert_eq!(
            refused(&json!({"template": "x", "lane": null, "priority": null}), None),
            None
        );
    }
}
