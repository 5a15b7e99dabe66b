//! The registry of actions: named operations with typed options, started as runs.

use crate::enqueue::{self, Command, EnqueueError, Enqueued, Idempotency};
use db::PgConnection;
use domain::{Claims, Role};
use serde_json::{Map, Value};

/// One named operation, in words for people and rules for programs.
#[derive(Debug, Clone, Copy)]
pub struct Action {
    /// Name in calls, such as `template.run`.
    pub name: &'static str,
    /// What people call it.
    pub title: &'static str,
    /// What it does, one sentence.
    pub description: &'static str,
    /// Scope types it takes; empty means it works on no rows and takes no scope.
    pub scopes: &'static [&'static str],
    /// Options it takes.
    pub options: &'static [OptionSpec],
    /// Lowest role that may start it.
    pub role: Role,
    /// Lane of its runs; `auto` means the lane of what it runs.
    pub lane: &'static str,
}

/// One option of an action.
#[derive(Debug, Clone, Copy)]
pub struct OptionSpec {
    /// Key in `options`.
    pub name: &'static str,
    /// JSON type of its value.
    pub kind: OptionKind,
    /// Whether it must be given.
    pub required: bool,
    /// What it means.
    pub meaning: &'static str,
}

/// JSON type of an option.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OptionKind {
    /// Text.
    String,
    /// Whole number.
    Integer,
    /// JSON object.
    Object,
}

impl OptionKind {
    /// The word of JSON Schema.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Integer => "integer",
            Self::Object => "object",
        }
    }

    fn fits(self, value: &Value) -> bool {
        match self {
            Self::String => value.is_string(),
            Self::Integer => value.is_i64() || value.is_u64(),
            Self::Object => value.is_object(),
        }
    }
}

const TEMPLATE_RUN: Action = Action {
    name: "template.run",
    title: "Run a template",
    description: "Starts a run of a template with the given parameters.",
    scopes: &[],
    options: &[
        OptionSpec {
            name: "template",
            kind: OptionKind::String,
            required: true,
            meaning: "Slug of the template.",
        },
        OptionSpec {
            name: "params",
            kind: OptionKind::Object,
            required: false,
            meaning: "Parameters, as the schema of the template asks.",
        },
        OptionSpec {
            name: "lane",
            kind: OptionKind::String,
            required: false,
            meaning: "Lane; left out or auto means the lane of the template.",
        },
        OptionSpec {
            name: "priority",
            kind: OptionKind::Integer,
            required: false,
            meaning: "0 first, 100 when left out.",
        },
    ],
    // Admins write templates; a planner who clicks starts only what they allow, and owns the run.
    role: Role::Planner,
    lane: "auto",
};

/// Every action that exists, by name.
pub fn registry() -> &'static [Action] {
    &[TEMPLATE_RUN]
}

/// A request to start an action, as `POST /actions/run` receives it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ActionRequest {
    /// Name of the action.
    pub action: String,
    /// What it works on.
    pub scope: Option<Value>,
    /// Spreadsheet and tab of the click.
    pub sheet_context: Option<Value>,
    /// Options.
    pub options: Map<String, Value>,
    /// Surface the click came from.
    pub ui: Option<String>,
    /// E-mail address the client claims.
    pub claimed_email: Option<String>,
    /// Key of the click.
    pub idempotency: Option<Idempotency>,
}

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
    /// The run was not enqueued.
    #[error("the action could not be enqueued")]
    Enqueue(#[source] EnqueueError),
}

fn known() -> String {
    registry()
        .iter()
        .map(|action| action.name)
        .collect::<Vec<_>>()
        .join(", ")
}

/// Starts an action as a run. An equal request whose run is still queued answers with that run.
pub async fn start(conn: &mut PgConnection, claims: &Claims, request: ActionRequest) -> Result<Enqueued, ActionError> {
    let Some(action) = registry().iter().find(|action| action.name == request.action) else {
        return Err(ActionError::Unknown { name: request.action });
    };
    let narrow = claims
        .actions
        .as_ref()
        .is_some_and(|allowed| !allowed.contains(&request.action));
    if narrow || !reaches(claims.role, action.role) {
        return Err(ActionError::Forbidden {
            name: action.name,
            needed: action.role,
        });
    }
    check(action, &request)?;
    let options = &request.options;
    let text = |name: &str| options.get(name).and_then(Value::as_str).map(str::to_owned);
    let command = Command {
        template: text("template"),
        action: Some(request.action.clone()),
        params: options
            .get("params")
            .and_then(Value::as_object)
            .cloned()
            .unwrap_or_default(),
        scope: request.scope,
        sheet_context: request.sheet_context,
        lane: text("lane"),
        priority: options
            .get("priority")
            .and_then(Value::as_i64)
            .map(|priority| priority.clamp(0, 1000) as i32),
        options: Some(Value::Object(request.options)),
        ui: request.ui,
        claimed_email: request.claimed_email,
        coalesce: request.idempotency.is_none(),
        idempotency: request.idempotency,
        ..Command::default()
    };
    enqueue::enqueue(conn, claims, command)
        .await
        .map_err(ActionError::Enqueue)
}

fn reaches(role: Role, needed: Role) -> bool {
    let rank = |role: Role| match role {
        Role::Worker => 0,
        Role::Viewer => 1,
        Role::Planner => 2,
        Role::Operator => 3,
        Role::Admin => 4,
    };
    rank(role) >= rank(needed)
}

fn check(action: &Action, request: &ActionRequest) -> Result<(), ActionError> {
    let invalid = |field: String, message: String| Err(ActionError::Invalid { field, message });
    if request.scope.is_some() && action.scopes.is_empty() {
        return invalid(
            "scope".to_owned(),
            format!("{} works on no rows and takes no scope.", action.name),
        );
    }
    for (name, value) in &request.options {
        let field = format!("options.{name}");
        match action.options.iter().find(|option| option.name == name) {
            None => {
                let known = action
                    .options
                    .iter()
                    .map(|option| option.name)
                    .collect::<Vec<_>>()
                    .join(", ");
                return invalid(
                    field,
                    format!("{} has no option {name:?}; it has: {known}.", action.name),
                );
            }
            Some(option) if !(option.kind.fits(value) || value.is_null() && !option.required) => {
                return invalid(field, format!("{name} must be of type {}.", option.kind.as_str()));
            }
            Some(_) => {}
        }
    }
    for option in action.options.iter().filter(|option| option.required) {
        if !request.options.contains_key(option.name) {
            return invalid(
                format!("options.{}", option.name),
                format!("{} is missing: {}", option.name, option.meaning),
            );
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn refused(options: &Value, scope: Option<Value>) -> String {
        let options = options.as_object().cloned().unwrap();
        let request = ActionRequest {
            action: "template.run".to_owned(),
            scope,
            options,
            ..ActionRequest::default()
        };
        match check(&TEMPLATE_RUN, &request) {
            Err(ActionError::Invalid { field, .. }) => field,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_wrong_request_names_its_field() {
        assert_eq!(refused(&json!({}), None), "options.template");
        assert_eq!(refused(&json!({"template": 3}), None), "options.template");
        assert_eq!(refused(&json!({"template": "x", "limit": 3}), None), "options.limit");
        assert_eq!(
            refused(&json!({"template": "x"}), Some(json!({"type": "all"}))),
            "scope"
        );
    }

    #[test]
    fn null_stands_for_an_option_left_out() {
        let options = json!({"template": "x", "lane": null, "priority": null})
            .as_object()
            .cloned()
            .unwrap();
        let request = ActionRequest {
            action: "template.run".to_owned(),
            options,
            ..ActionRequest::default()
        };
        assert!(check(&TEMPLATE_RUN, &request).is_ok());
    }
}
