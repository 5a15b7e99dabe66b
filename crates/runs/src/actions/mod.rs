//! Actions: named operations with typed options, started as runs or as steps of a template.
//!
//! What an action is stands in [`registry`]; [`start`] makes a run of one; what does the work inside a
//! worker is an [`ActionHandler`]. An action of [`Execution::Template`] has no work of its own when a
//! person starts it: its run is the run of the template it names.

mod admit;
pub mod artifacts_sweep;
mod bulk;
mod check;
mod handler;
mod retention;
mod start;
mod template_run;

pub use admit::ActionError;
pub(crate) use admit::{Asked, admit};
pub use check::{Misfit, check};
pub use handler::{ActionCall, ActionFailure, ActionHandler, Handlers, Voice};
pub use start::{ActionRequest, start};

use db::{PgConnection, actions::KnownAction};
use domain::Role;
use serde_json::{Value, json};

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
    /// What does the work of its runs.
    pub execution: Execution,
}

/// What does the work of the runs of an action. As a step, every action is done by its handler.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Execution {
    /// An [`ActionHandler`] inside a worker.
    Handler,
    /// The template that the options name.
    Template,
}

impl Execution {
    /// The word used in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Handler => "handler",
            Self::Template => "template",
        }
    }
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
    /// True or false.
    Boolean,
    /// JSON object.
    Object,
}

impl OptionKind {
    /// The word of JSON Schema.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Integer => "integer",
            Self::Boolean => "boolean",
            Self::Object => "object",
        }
    }

    /// A value of this type, in the place of one that is not known yet.
    pub(crate) fn sample(self) -> Value {
        match self {
            Self::String => Value::from(""),
            Self::Integer => Value::from(0),
            Self::Boolean => Value::from(false),
            Self::Object => json!({}),
        }
    }

    fn fits(self, value: &Value) -> bool {
        match self {
            Self::String => value.is_string(),
            Self::Integer => value.is_i64() || value.is_u64(),
            Self::Boolean => value.is_boolean(),
            Self::Object => value.is_object(),
        }
    }
}

/// Every action that exists, by name.
pub fn registry() -> &'static [Action] {
    &[
        artifacts_sweep::ACTION,
        retention::ACTION,
        bulk::ACTION,
        template_run::ACTION,
    ]
}

/// The action of this name.
pub fn find(name: &str) -> Option<&'static Action> {
    registry().iter().find(|action| action.name == name)
}

/// The names of all actions, for the answer to one that is not among them.
pub fn known() -> String {
    let names: Vec<&str> = registry().iter().map(|action| action.name).collect();
    names.join(", ")
}

/// Tells Postgres what actions there are and who may start them, for those who enqueue by SQL.
pub async fn keep(conn: &mut PgConnection) -> db::Result<()> {
    let known: Vec<KnownAction<'_>> = registry()
        .iter()
        .map(|action| KnownAction {
            name: action.name,
            role: action.role.as_str(),
        })
        .collect();
    db::actions::keep(conn, &known).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_has_a_handler_and_every_handler_an_action() {
        let handlers = Handlers::builtin();
        let actions: Vec<&str> = registry().iter().map(|action| action.name).collect();
        assert_eq!(handlers.names(), actions);
    }
}
