//! Whether a caller may have an action started, whichever door the request came through.

use super::{Action, Execution, Misfit, check, find, known};
use domain::{Claims, Role};
use serde_json::{Map, Value};
use std::borrow::Cow;

/// Why an action was not started.
#[derive(Debug, thiserror::Error)]
pub enum ActionError {
    /// No such action.
    #[error("there is no action {name:?}; there are: {}", known())]
    Unknown {
        /// The name that was asked for.
        name: String,
    },
    /// The caller's role or token does not start it.
    #[error("starting {name} needs the role {needed}")]
    Forbidden {
        /// The action.
        name: &'static str,
        /// Lowest role that may.
        needed: Role,
    },
    /// A field does not fit the action.
    #[error("{message}")]
    Invalid {
        /// Path of the field.
        field: String,
        /// What is wrong and what is allowed.
        message: String,
    },
}

/// What is asked of an action.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'a> {
    /// Its name.
    pub(crate) name: &'a str,
    /// The template that is named beside it.
    pub(crate) template: Option<&'a str>,
    /// What it works on.
    pub(crate) scope: Option<&'a Value>,
    /// Its options.
    pub(crate) options: Option<&'a Value>,
    /// The spreadsheet of the click.
    pub(crate) spreadsheet: Option<&'a str>,
}

/// Answers the action, if it exists, the caller may start it, and what is asked fits it.
pub(crate) fn admit(claims: &Claims, asked: Asked<'_>) -> Result<&'static Action, ActionError> {
    let Some(action) = find(asked.name) else {
        return Err(ActionError::Unknown {
            name: asked.name.to_owned(),
        });
    };
    let is_allowed =
        claims.may_start(action.name) && claims.role.reaches(action.role) && claims.may_touch(asked.spreadsheet);
    if !is_allowed {
        return Err(ActionError::Forbidden {
            name: action.name,
            needed: action.role,
        });
    }
    let options = options(action, asked)?;
    check(action, asked.scope, &options)
        .map_err(|Misfit { field, message }| ActionError::Invalid { field, message })?;
    Ok(action)
}

/// The options as an object. A template that is named beside an action that runs one need not be named twice.
fn options<'a>(action: &Action, asked: Asked<'a>) -> Result<Cow<'a, Map<String, Value>>, ActionError> {
    let invalid = |field: &str, message: String| ActionError::Invalid {
        field: field.to_owned(),
        message,
    };
    let options = match asked.options {
        None | Some(Value::Null) => Cow::Owned(Map::new()),
        Some(Value::Object(options)) => Cow::Borrowed(options),
        Some(_) => return Err(invalid("options", "The options must be an object.".to_owned())),
    };
    match asked.template {
        None => Ok(options),
        Some(slug) if action.execution == Execution::Template => {
            let mut options = options.into_owned();
            options.entry("template").or_insert_with(|| Value::from(slug));
            Ok(Cow::Owned(options))
        }
        Some(_) => Err(invalid(
            "template",
            format!("{} runs no template; name one of the two.", action.name),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const SWEEP: Asked<'_> = Asked {
        name: "artifacts.sweep",
        template: None,
        scope: None,
        options: None,
        spreadsheet: None,
    };

    fn caller(role: Role) -> Claims {
        Claims {
            role,
            ..Claims::command_line()
        }
    }

    #[test]
    fn an_action_is_started_by_its_role_and_those_above() {
        assert!(matches!(
            admit(&caller(Role::Operator), SWEEP),
            Err(ActionError::Forbidden {
                needed: Role::Admin,
                ..
            })
        ));
        assert_eq!(admit(&caller(Role::Admin), SWEEP).unwrap().lane, "D");
    }

    #[test]
    fn what_is_unknown_or_does_not_fit_is_named() {
        let admin = caller(Role::Admin);
        let unknown = Asked {
            name: "no.such",
            ..SWEEP
        };
        assert!(matches!(admit(&admin, unknown), Err(ActionError::Unknown { .. })));
        let options = json!({"days": 3});
        let fields = [
            Asked {
                options: Some(&options),
                ..SWEEP
            },
            Asked {
                options: Some(&Value::Bool(true)),
                ..SWEEP
            },
            Asked {
                template: Some("healthcheck"),
                ..SWEEP
            },
            Asked {
                name: "template.run",
                ..SWEEP
            },
        ]
        .map(|asked| match admit(&admin, asked) {
            Err(ActionError::Invalid { field, .. }) => field,
            other => panic!("{other:?}"),
        });
        assert_eq!(fields, ["options.days", "options", "template", "options.template"]);
    }

    #[test]
    fn a_template_beside_the_action_that_runs_it_is_named_once() {
        let asked = Asked {
            name: "template.run",
            template: Some("healthcheck"),
            ..SWEEP
        };
        assert!(admit(&caller(Role::Planner), asked).is_ok());
    }
}
