//! `GET /api/actions`: which actions there are.

use crate::{actions::Page, caller::Caller, http::body::Json};
use ::runs::actions::{Action, OptionSpec, registry};
use serde::Serialize;
use utoipa::ToSchema;

/// One named operation.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ActionView {
    /// Name in calls.
    name: &'static str,
    /// What people call it.
    title: &'static str,
    /// What it does.
    description: &'static str,
    /// Scope types it takes; none means that it takes no scope.
    scopes: Vec<&'static str>,
    /// Options it takes.
    options: Vec<OptionView>,
    /// Lowest role that may start it.
    role: &'static str,
    /// Lane of its runs; `auto` means the lane of what it runs.
    lane: &'static str,
    /// What does the work of its runs: a handler inside a worker, or the template that the options name.
    execution: &'static str,
}

/// One option of an action.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OptionView {
    /// Key in `options`.
    name: &'static str,
    /// JSON type of its value.
    #[serde(rename = "type")]
    kind: &'static str,
    /// Whether it must be given.
    required: bool,
    /// What it means.
    meaning: &'static str,
}

impl From<&Action> for ActionView {
    fn from(action: &Action) -> Self {
        Self {
            name: action.name,
            title: action.title,
            description: action.description,
            scopes: action.scopes.to_vec(),
            options: action.options.iter().map(Into::into).collect(),
            role: action.role.as_str(),
            lane: action.lane,
            execution: action.execution.as_str(),
        }
    }
}

impl From<&OptionSpec> for OptionView {
    fn from(option: &OptionSpec) -> Self {
        Self {
            name: option.name,
            kind: option.kind.as_str(),
            required: option.required,
            meaning: option.meaning,
        }
    }
}

/// Lists the actions the caller may start.
#[utoipa::path(get, path = "/api/actions", tag = "actions",
    responses((status = 200, description = "The actions.", body = Page<ActionView>)))]
pub async fn handler(Caller(claims): Caller) -> Json<Page<ActionView>> {
    let allowed = |action: &&Action| {
        claims
            .actions
            .as_ref()
            .is_none_or(|names| names.iter().any(|name| name == action.name))
    };
    Json(Page::whole(registry().iter().filter(allowed).collect::<Vec<_>>()))
}
