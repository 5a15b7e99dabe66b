//! What an attempt works through: the template of the run, or the one step that its action is.

use super::failure::Failure;
use db::queue::ClaimedRun;
use domain::{StepKind, Template};
use serde_json::{Map, Value, json};

/// Name of the one step of a run without a template.
const ONLY_STEP: &str = "action";

/// The steps of a run, and what the only step of an action is given.
pub(super) fn definition(claimed: &ClaimedRun) -> Result<(Template<String>, Option<Map<String, Value>>), Failure> {
    let Some(snapshot) = &claimed.template else {
        let action = claimed.action.as_deref().unwrap_or_default();
        return of_action(claimed, action).map_err(|error| {
            Failure::new(
                "unknown_action",
                format!("the action {action} cannot be started: {error}"),
            )
        });
    };
    let template = serde_json::from_value(snapshot.definition.clone()).map_err(|error| {
        Failure::new(
            "invalid_template",
            format!("the stored template cannot be read: {error}"),
        )
        .hint("Save the template again, or start a worker of the same version as the server.")
    })?;
    Ok((template, None))
}

fn of_action(
    claimed: &ClaimedRun,
    action: &str,
) -> Result<(Template<String>, Option<Map<String, Value>>), serde_json::Error> {
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
    Ok((template, Some(given)))
}
