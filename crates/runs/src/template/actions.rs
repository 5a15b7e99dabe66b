//! Whether the action steps of a template name actions that exist, with options that fit.

use crate::actions::{self, Action, Misfit};
use domain::{Role, StepKind, Template};
use serde_json::{Map, Value};

/// Finds what is wrong, as path and sentence. A value that is filled in later is taken to fit.
pub(super) fn check(template: &Template) -> Vec<(String, String)> {
    let steps = template.steps.iter().enumerate();
    steps
        .filter(|(_, step)| step.kind == StepKind::Action)
        .filter_map(|(position, step)| {
            let (place, message) = problem(&step.with)?;
            Some((format!("steps[{position}].with.{place}"), message))
        })
        .collect()
}

/// The highest role that an action of the template asks of who starts it; `None` without actions.
pub(super) fn needed_role(template: &Template) -> Option<Role> {
    let names = template
        .steps
        .iter()
        .filter(|step| step.kind == StepKind::Action)
        .filter_map(|step| step.with.get("action")?.as_str());
    names
        .filter_map(actions::find)
        .map(|action| action.role)
        .reduce(|highest, role| if role.reaches(highest) { role } else { highest })
}

fn problem(with: &Map<String, Value>) -> Option<(String, String)> {
    let name = with.get("action")?.as_str()?;
    let Some(action) = actions::find(name) else {
        let message = format!("There is no action {name:?}; there are: {}.", actions::known());
        return Some(("action".to_owned(), message));
    };
    let options = match with.get("options") {
        Some(Value::Object(options)) => filled(action, options),
        // One expression gives all of them when the step runs.
        Some(Value::String(_)) => return None,
        _ => Map::new(),
    };
    let scope = with
        .get("scope")
        .filter(|scope| scope.as_object().is_none_or(|fields| !fields.is_empty()));
    let Misfit { field, message } = actions::check(action, scope, &options).err()?;
    Some((field, message))
}

/// The options, with a sample of the right type where an expression stands.
fn filled(action: &Action, options: &Map<String, Value>) -> Map<String, Value> {
    let value_of = |name: &String, value: &Value| {
        let known = action.options.iter().find(|option| option.name == name);
        match (value.as_str(), known) {
            (Some(text), Some(option)) if text.contains("{{") => option.kind.sample(),
            _ => value.clone(),
        }
    };
    options
        .iter()
        .map(|(name, value)| (name.clone(), value_of(name, value)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn findings(with: &Value) -> Vec<String> {
        let template =
            json!({"version": 1, "slug": "t", "title": "T", "steps": [{"id": "a", "kind": "action", "with": with}]});
        let template: Template = serde_json::from_value(template).unwrap();
        check(&template).into_iter().map(|(path, _)| path).collect()
    }

    #[test]
    fn an_action_exists_and_its_options_fit() {
        assert_eq!(findings(&json!({"action": "no.such"})), ["steps[0].with.action"]);
        assert_eq!(
            findings(&json!({"action": "template.run"})),
            ["steps[0].with.options.template"]
        );
        assert_eq!(
            findings(&json!({"action": "template.run", "options": {"template": "x", "wait": "yes"}})),
            ["steps[0].with.options.wait"]
        );
        assert_eq!(
            findings(&json!({"action": "template.run", "options": {"template": "x"}, "scope": {"type": "all"}})),
            ["steps[0].with.scope"]
        );
    }

    #[test]
    fn the_highest_role_of_its_actions_is_asked_of_who_saves_a_template() {
        let steps = json!([
            {"id": "a", "kind": "action", "with": {"action": "template.run", "options": {"template": "x"}}},
            {"id": "b", "kind": "action", "with": {"action": "retention.apply"}},
        ]);
        let template = json!({"version": 1, "slug": "t", "title": "T", "steps": steps});
        let highest = actions::find("retention.apply").unwrap().role;
        assert_eq!(needed_role(&serde_json::from_value(template).unwrap()), Some(highest));
    }

    #[test]
    fn what_is_filled_in_later_fits() {
        let options = json!({"template": "{{ params.slug }}", "params": "{{ params }}", "wait": "{{ params.wait }}"});
        let with = json!({"action": "template.run", "options": options, "scope": {}});
        assert_eq!(findings(&with), Vec::<String>::new());
        assert_eq!(
            findings(&json!({"action": "template.run", "options": "{{ params.options }}"})),
            Vec::<String>::new()
        );
    }
}
