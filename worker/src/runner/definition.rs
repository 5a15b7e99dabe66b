//! What an attempt works through: the template of the run, or the one step that its action is.

use super::{Shared, failure::Failure};
use crate::definitions::DefinitionError;
use db::queue::ClaimedRun;
use domain::{StepKind, Template};
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// Name of the one step of a run without a template.
const ONLY_STEP: &str = "action";

/// The steps of a run, and what the only step of an action is given.
pub(super) async fn definition(
    shared: &Shared,
    claimed: &ClaimedRun,
) -> Result<(Arc<Template<String>>, Option<Map<String, Value>>), Failure> {
    let Some(snapshot) = &claimed.template else {
        let action = claimed.action.as_deref().unwrap_or_default();
        let (template, given) = of_action(claimed, action).map_err(|error| {
            Failure::new(
                "unknown_action",
                format!("the action {action} cannot be started: {error}"),
            )
        })?;
        return Ok((Arc::new(template), Some(given)));
    };
    let found = shared
        .definitions
        .get(&shared.pool, &snapshot.slug, snapshot.version)
        .await;
    let template = found.map_err(|error| {
        let failure = Failure::new("invalid_template", format!("the stored template is of no use: {error}"));
        match error {
            DefinitionError::Db(_) => failure,
            _ => failure.hint("Save the template again, or start a worker of the same version as the server."),
        }
    })?;
    Ok((template, None))
}

fn of_action(claimed: &ClaimedRun, action: &str) -> Result<(Template<String>, Map<String, Value>), serde_json::Error> {
    let template = serde_json::from_value(json!({
        "version": 1, "slug": ONLY_STEP, "title": claimed.title,
        "steps": [{"id": ONLY_STEP, "title": claimed.title, "kind": StepKind::Action.as_str()}],
    }))?;
    let mut given = Map::new();
    given.insert("action".to_owned(), Value::from(action));
    given.insert("options".to_owned(), claimed.options.clone());
    if let Some(scope) = &claimed.scope {
        given.insert("scope".to_owned(), scope.clone());
    }
    Ok((template, given))
}
