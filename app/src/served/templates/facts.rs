//! What stands in a template beside its steps: facts and parameters.

use crate::api::schema_fields;
use crate::served::parts::{ago, table};
use crate::views::{FieldKind, FieldView};
use db::reads::TemplateVersion;
use domain::{Permission, Template};
use leptos::prelude::*;
use std::collections::BTreeSet;

/// The facts.
pub(super) fn of(template: &Template, version: &TemplateVersion) -> AnyView {
    let policy = &template.policy;
    let again = if policy.restart {
        "from the start"
    } else {
        "from the interrupted step"
    };
    let attempts = match policy.max_attempts {
        Some(1) | None => "1, no second".to_owned(),
        Some(count) => format!("{count}, each {again}"),
    };
    let names = |found: BTreeSet<String>| {
        if found.is_empty() {
            "none".to_owned()
        } else {
            found.into_iter().collect::<Vec<_>>().join(", ")
        }
    };
    let secrets = template.steps.iter().flat_map(runs::template::secrets_of).collect();
    let env = template
        .steps
        .iter()
        .filter_map(|step| step.with.get("env")?.as_object())
        .flat_map(|env| env.keys().cloned())
        .collect();
    let editing = match template.editing() {
        Permission::Administer => "admins: it starts programs",
        _ => "operators",
    };
    let author = version.created_by.clone().unwrap_or_else(|| "the server".to_owned());
    let facts = [
        ("Address", html! { <code>{template.slug.clone()}</code> }),
        ("Lane", template.lane.to_string().into_any()),
        ("Attempts", attempts.into_any()),
        ("An attempt may take", seconds(policy.timeout_seconds).into_any()),
        ("Environment its programs get", names(env).into_any()),
        ("Secrets it asks for", names(secrets).into_any()),
        ("Edited by", editing.into_any()),
        (
            "Version",
            html! { {version.version} ", " {ago(version.created_at)} " by " {author} },
        ),
    ];
    let facts = facts
        .into_iter()
        .map(|(name, value)| {
            html! {
                <div>
                    <dt>{name}</dt>
                    <dd>{value}</dd>
                </div>
            }
        })
        .collect_view();
    let description =
        (!template.description.is_empty()).then(|| html! { <p class="lead">{template.description.clone()}</p> });
    html! { {description} <dl class="facts-list card pane-tight">{facts}</dl> }
}

/// The parameters, as the start form asks for them.
pub(super) fn params(template: &Template) -> AnyView {
    let fields = schema_fields(template);
    if fields.is_empty() {
        return html! { <p class="note">"It takes none."</p> };
    }
    let headings = ["Name", "Asked as", "Kind", "Required", "Default", "Limits"];
    table("Parameters", &headings, fields.into_iter().map(param).collect())
}

fn param(field: FieldView) -> AnyView {
    let limits = [
        field.min.map(|min| format!("from {min}")),
        field.max.map(|max| format!("to {max}")),
        field.pattern.map(|pattern| format!("matches {pattern}")),
    ];
    let limits: Vec<String> = limits.into_iter().flatten().collect();
    html! {
        <tr>
            <th scope="row">
                <code>{field.key}</code>
            </th>
            <td class="wrap">{field.label} <span class="note">" " {field.help}</span></td>
            <td class="wrap">{kind(&field.kind)}</td>
            <td>{if field.required { "required" } else { "optional" }}</td>
            <td class="wrap">{if field.value.is_empty() { "–".to_owned() } else { field.value }}</td>
            <td class="wrap">{if limits.is_empty() { "–".to_owned() } else { limits.join(" ") }}</td>
        </tr>
    }
}

fn kind(kind: &FieldKind) -> String {
    match kind {
        FieldKind::Choice(choices) => format!("one of {}", choices.join(", ")),
        FieldKind::Text => "text".to_owned(),
        FieldKind::Secret => "hidden text".to_owned(),
        FieldKind::Address => "address".to_owned(),
        FieldKind::Lines => "long text".to_owned(),
        FieldKind::List => "list of texts".to_owned(),
        FieldKind::Number => "number".to_owned(),
        FieldKind::Integer => "whole number".to_owned(),
        FieldKind::Flag => "yes or no".to_owned(),
        FieldKind::Json => "JSON".to_owned(),
    }
}

/// `90` → `1 min 30 s`.
pub(super) fn seconds(count: u32) -> String {
    let parts = [(count / 3600, "h"), (count % 3600 / 60, "min"), (count % 60, "s")];
    let parts: Vec<String> = parts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, unit)| format!("{count} {unit}"))
        .collect();
    if parts.is_empty() {
        "0 s".to_owned()
    } else {
        parts.join(" ")
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn seconds_are_said_in_their_largest_units() {
        assert_eq!(super::seconds(90), "1 min 30 s");
        assert_eq!(super::seconds(3600), "1 h");
    }
}
