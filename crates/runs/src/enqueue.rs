//! Asking for a run.

use crate::{
    actions::{self, ActionError, Asked},
    template::{self, ParamProblem},
};
use chrono::{DateTime, Utc};
use db::{PgConnection, error::DbError, queue};
use domain::{Claims, DEEPEST_JSON, JsonMeasure, Permission, Template};
use serde_json::{Map, Value, json};

pub use db::queue::Enqueued;

/// What is asked for. Exactly one of `template` and `action` names the work, except that the action
/// `template.run` names its template too.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Command {
    /// Template to run, by slug.
    pub template: Option<String>,
    /// Action to run.
    pub action: Option<String>,
    /// What people call the run; `None` means the title of its template, or the name of its action.
    pub title: Option<String>,
    /// Parameters of the template.
    pub params: Map<String, Value>,
    /// What the action works on.
    pub scope: Option<Value>,
    /// Options of the action.
    pub options: Option<Value>,
    /// Spreadsheet and tab of the click.
    pub sheet_context: Option<Value>,
    /// Lane; `None` or `auto` means the lane of the template or action.
    pub lane: Option<String>,
    /// 0 first, 100 when absent.
    pub priority: Option<i32>,
    /// Not before this time.
    pub run_after: Option<DateTime<Utc>>,
    /// Environment the caller names.
    pub env: Option<String>,
    /// Runs with one key run one after the other.
    pub concurrency_key: Option<String>,
    /// Failures it may have.
    pub max_attempts: Option<i32>,
    /// Longest time one attempt may take.
    pub timeout_seconds: Option<i32>,
    /// Conversation it belongs to.
    pub session_id: Option<String>,
    /// Surface the request came from, such as `board` or `apps_script`.
    pub ui: Option<String>,
    /// E-mail address the client claims; recorded, never trusted.
    pub claimed_email: Option<String>,
    /// Key under which a repetition answers with the same run.
    pub idempotency: Option<Idempotency>,
    /// Answer with an equal run that is still queued instead of making another.
    pub coalesce: bool,
    /// The caller announces the run after its commit, with [`Services::announce`](crate::Services::announce).
    pub announce_later: bool,
}

/// A caller's promise that two requests mean one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Idempotency {
    /// The key, unique per caller for 24 hours.
    pub key: String,
    /// What a repetition does.
    pub mode: IdempotencyMode,
}

/// What a repetition under one key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum IdempotencyMode {
    /// Answers with the run of the first request.
    #[default]
    Return,
    /// Is refused.
    Reject,
    /// Takes the place of the first run while that is still queued.
    Replace,
}

impl IdempotencyMode {
    /// The word used in headers and SQL.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Return => "return",
            Self::Reject => "reject",
            Self::Replace => "replace",
        }
    }

    /// Reads the word of a header.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Return, Self::Reject, Self::Replace]
            .into_iter()
            .find(|mode| mode.as_str() == word)
    }
}

/// Why a run was not enqueued.
#[derive(Debug, thiserror::Error)]
pub enum EnqueueError {
    /// The action is unknown, not for this caller, or asked for with what does not fit it.
    #[error(transparent)]
    Action(#[from] ActionError),
    /// The caller's role does not start this.
    #[error("starting {what} needs the role {needed}")]
    Forbidden {
        /// What was to be started.
        what: String,
        /// Lowest role that may.
        needed: domain::Role,
    },
    /// No such template.
    #[error("there is no template {slug:?}")]
    UnknownTemplate {
        /// The slug that was asked for.
        slug: String,
    },
    /// The parameters do not fit the template.
    #[error("the parameters do not fit the template")]
    InvalidParams {
        /// Each problem with its path.
        problems: Vec<ParamProblem>,
    },
    /// Postgres refused or failed.
    #[error("the run could not be written")]
    Db(#[source] DbError),
}

/// The spreadsheet that the work is about.
fn spreadsheet(command: &Command) -> Option<&str> {
    command.sheet_context.as_ref()?.get("spreadsheet_id")?.as_str()
}

/// Enqueues one run in the transaction of `conn`.
pub async fn enqueue(conn: &mut PgConnection, claims: &Claims, mut command: Command) -> Result<Enqueued, EnqueueError> {
    if let Some(name) = &command.action {
        let action = actions::admit(
            claims,
            Asked {
                name,
                template: command.template.as_deref(),
                scope: command.scope.as_ref(),
                options: command.options.as_ref(),
                spreadsheet: spreadsheet(&command),
            },
        )?;
        if command.lane.as_deref().is_none_or(|lane| lane == "auto") {
            command.lane = Some(action.lane.to_owned());
        }
    } else if !claims.may(Permission::ManageRuns) {
        return Err(EnqueueError::Forbidden {
            what: command.template.unwrap_or_default(),
            needed: Permission::ManageRuns.lowest_role(),
        });
    }
    let given = (
        &command.params,
        &command.options,
        &command.scope,
        &command.sheet_context,
    );
    if JsonMeasure::of(&given).is_too_deep() {
        let message = format!("What a run is given may be nested {DEEPEST_JSON} levels deep; send a plainer value.");
        let path = "params".to_owned();
        return Err(EnqueueError::InvalidParams {
            problems: vec![ParamProblem { path, message }],
        });
    }
    if let Some(slug) = &command.template {
        fit_params(conn, slug, None, &mut command.params).await?;
    }
    let announce_later = command.announce_later;
    let spec = spec(claims, command);
    let enqueued = if announce_later {
        queue::enqueue_run_unannounced(conn, &spec).await
    } else {
        queue::enqueue_run(conn, &spec).await
    };
    enqueued.map_err(EnqueueError::Db)
}

/// Fills `params` with the defaults of a version of a template and checks them against its schema.
pub(crate) async fn fit_params(
    conn: &mut PgConnection,
    slug: &str,
    version: Option<i32>,
    params: &mut Map<String, Value>,
) -> Result<(), EnqueueError> {
    let stored = template::load(conn, slug, version).await.map_err(EnqueueError::Db)?;
    let Some(stored) = stored else {
        return Err(EnqueueError::UnknownTemplate { slug: slug.to_owned() });
    };
    fill_defaults(&stored.template, params);
    let problems = template::check_params(&stored.template, &Value::Object(params.clone()));
    if problems.is_empty() {
        Ok(())
    } else {
        Err(EnqueueError::InvalidParams { problems })
    }
}

/// Gives every parameter that was left out the default of its schema.
pub(crate) fn fill_defaults(template: &Template, params: &mut Map<String, Value>) {
    for (name, schema, _) in template.params.properties() {
        if let (false, Some(default)) = (params.contains_key(name), schema.get("default")) {
            params.insert(name.to_owned(), default.clone());
        }
    }
}

/// The body of the SQL function: only what was said.
fn spec(claims: &Claims, command: Command) -> Value {
    let mut requested_by = json!({"user": claims.subject, "actor": claims.actor, "via": claims.via});
    if let Some(ui) = command.ui {
        requested_by["ui"] = Value::String(ui);
    }
    if let Some(email) = command.claimed_email {
        requested_by["claimed_email"] = Value::String(email);
    }
    let mut spec = json!({"params": command.params, "requested_by": requested_by});
    let mut set = |key: &str, value: Option<Value>| {
        if let Some(value) = value {
            spec[key] = value;
        }
    };
    set("template", command.template.map(Value::String));
    set("action", command.action.map(Value::String));
    set("title", command.title.map(Value::String));
    set("scope", command.scope);
    set("options", command.options);
    set("sheet_context", command.sheet_context);
    set("lane", command.lane.map(Value::String));
    set("priority", command.priority.map(Value::from));
    set("run_after", command.run_after.map(|at| Value::String(at.to_rfc3339())));
    set("env", command.env.map(Value::String));
    set("concurrency_key", command.concurrency_key.map(Value::String));
    set("max_attempts", command.max_attempts.map(Value::from));
    set("timeout_seconds", command.timeout_seconds.map(Value::from));
    set("session_id", command.session_id.map(Value::String));
    set("coalesce", command.coalesce.then_some(Value::Bool(true)));
    if let Some(idempotency) = command.idempotency {
        set("idempotency_key", Some(Value::String(idempotency.key)));
        set("idempotency_mode", Some(Value::from(idempotency.mode.as_str())));
    }
    spec
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_spec_says_only_what_was_asked() {
        let command = Command {
            template: Some("healthcheck".to_owned()),
            ui: Some("board".to_owned()),
            ..Command::default()
        };
        assert_eq!(
            spec(&Claims::command_line(), command),
            json!({
                "template": "healthcheck", "params": {},
                "requested_by": {"user": "cli", "actor": "command line", "via": "cli", "ui": "board"},
            })
        );
    }

    #[test]
    fn a_parameter_left_out_takes_its_default() {
        let template = serde_json::from_value(json!({
            "version": 1, "slug": "t", "title": "T", "steps": [],
            "params": {"properties": {"count": {"type": "integer", "default": 3}, "name": {"type": "string"}}},
        }))
        .unwrap();
        let mut params = Map::new();
        fill_defaults(&template, &mut params);
        assert_eq!(Value::Object(params), json!({"count": 3}));
    }
}
