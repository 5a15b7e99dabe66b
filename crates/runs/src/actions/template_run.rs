//! `template.run`: one run starts another.

use super::{Action, ActionCall, ActionFailure, ActionHandler, Execution, OptionKind, OptionSpec};
use crate::enqueue::{self, EnqueueError};
use db::queue::{self, Wait};
use domain::{Role, WaitKind};
use futures::future::BoxFuture;
use serde_json::{Map, Value, json};

const fn option(name: &'static str, kind: OptionKind, meaning: &'static str) -> OptionSpec {
    OptionSpec {
        name,
        kind,
        required: false,
        meaning,
    }
}

/// What the registry says of it.
pub(super) const ACTION: Action = Action {
    name: "template.run",
    title: "Run a template",
    description: "Starts a run of a template with the given parameters.",
    scopes: &[],
    options: &[
        OptionSpec {
            required: true,
            ..option("template", OptionKind::String, "Slug of the template.")
        },
        option(
            "params",
            OptionKind::Object,
            "Parameters, as the schema of the template asks.",
        ),
        option(
            "lane",
            OptionKind::String,
            "Lane; left out or auto means the lane of the template.",
        ),
        option("priority", OptionKind::Integer, "0 first, 100 when left out."),
        option(
            "wait",
            OptionKind::Boolean,
            "In a step: wait until the started run has ended, and fail if it failed.",
        ),
    ],
    // Admins write templates; a planner who clicks starts only what they allow, and owns the run.
    role: Role::Planner,
    lane: "auto",
    execution: Execution::Template,
};

/// Starts a child of the run; with `wait: true` the step ends when the child does.
pub(super) struct TemplateRun;

impl ActionHandler for TemplateRun {
    fn run<'a>(&'a self, call: ActionCall<'a>) -> BoxFuture<'a, Result<Value, ActionFailure>> {
        Box::pin(start(call))
    }
}

async fn start(call: ActionCall<'_>) -> Result<Value, ActionFailure> {
    let slug = call.options.get("template").and_then(Value::as_str).unwrap_or_default();
    let mut params = match call.options.get("params") {
        Some(Value::Object(params)) => params.clone(),
        _ => Map::new(),
    };
    let mut tx = call.begin().await?;
    enqueue::fit_params(&mut tx, slug, None, &mut params)
        .await
        .map_err(unfit)?;
    let mut spec = json!({"template": slug, "params": params});
    for key in ["lane", "priority"] {
        if let Some(value) = call.options.get(key) {
            spec[key] = value.clone();
        }
    }
    let child = queue::start_child_run(&mut tx, call.run_id, call.lease_seq, call.step, &spec).await?;
    tx.commit().await.map_err(db::DbError::from)?;
    if child.created {
        call.voice.log(&format!("Started {} of {slug}.", child.run_id)).await;
    }
    if call.options.get("wait") != Some(&Value::Bool(true)) {
        return Ok(json!({"run_id": child.run_id, "status": child.status}));
    }
    Err(ActionFailure::wait(Wait {
        message: Some(format!("Waits for {} of {slug}.", child.run_id)),
        data: Some(json!({"run_id": child.run_id})),
        ..Wait::new(WaitKind::Run)
    }))
}

fn unfit(error: EnqueueError) -> ActionFailure {
    match error {
        EnqueueError::UnknownTemplate { slug } => {
            ActionFailure::new("unknown_template", format!("there is no template {slug}"))
                .hint("The page Templates lists what can be run.")
        }
        EnqueueError::InvalidParams { problems } => {
            let words: Vec<String> = problems
                .iter()
                .map(|problem| format!("{}: {}", problem.path, problem.message))
                .collect();
            ActionFailure::new("invalid_params", "the parameters do not fit the template").hint(words.join(" "))
        }
        EnqueueError::Db(error) => error.into(),
        EnqueueError::Forbidden { .. } | EnqueueError::Action(_) => ActionFailure::new("forbidden", error.to_string()),
    }
}
