//! One field of a generated form.

use super::text_area::TextArea;
use crate::components::late::{flag, piece, text};
use crate::views::{FieldKind, FieldView};
use leptos::prelude::*;

/// Label, help, input, what is wrong with it.
#[component]
pub(crate) fn Field(
    /// The field.
    field: FieldView,
    /// What it holds.
    #[prop(into)]
    value: Signal<String>,
    /// What is wrong with it.
    #[prop(into)]
    problem: Signal<Option<String>>,
) -> impl IntoView {
    let id = format!("field-{}", field.key);
    let help_id = format!("{id}-help");
    let label = field.label.clone();
    let required = field.required;
    let help = help(&field);
    let is_flag = field.kind == FieldKind::Flag;
    let control = control(field, id.clone(), help_id.clone(), value, problem);
    let label = html! {
        <label for=id>
            {label}
            {required.then(|| html! { <span class="needed">" required"</span> })}
        </label>
    };
    let input = if is_flag {
        html! { <div class="check">{control} {label}</div> }
    } else {
        html! { {label} {control} }
    };
    html! {
        <div class="form-field" class:wrong=flag(move || problem.read().is_some())>
            {input}
            <div id=help_id class="help">
                {piece(move || problem.get().map(|problem| html! { <p class="problem">{problem}</p> }))}
                {help.map(|help| html! { <p>{help}</p> })}
            </div>
        </div>
    }
}

fn control(
    field: FieldView,
    id: String,
    described_by: String,
    value: Signal<String>,
    problem: Signal<Option<String>>,
) -> AnyView {
    let name = format!("p[{}]", field.key);
    let wrong = Signal::derive(move || problem.read().is_some());
    let invalid = move || wrong.get().then_some("true");
    let required = field.required;
    match field.kind {
        FieldKind::Lines | FieldKind::List | FieldKind::Json => {
            let rows = if field.kind == FieldKind::List { 4 } else { 6 };
            html! { <TextArea name id value required described_by invalid=wrong rows /> }
        }
        FieldKind::Flag => html! {
            <input
                type="checkbox"
                name=name
                id=id
                aria-describedby=described_by
                checked=value.get_untracked() == "true" || value.get_untracked() == "on"
                prop:checked=flag(move || matches!(value.get().as_str(), "true" | "on"))
            />
        },
        FieldKind::Choice(choices) => {
            let chosen = value.get_untracked();
            let choices = choices
                .into_iter()
                .map(
                    |choice| html! { <option value=choice.clone() selected=choice == chosen>{choice.clone()}</option> },
                )
                .collect_view();
            html! {
                <select
                    name=name
                    id=id
                    required=required
                    aria-describedby=described_by
                    aria-invalid=invalid
                    prop:value=text(move || value.get())
                >
                    {(!required).then(|| html! { <option value="">"–"</option> })}
                    {choices}
                </select>
            }
        }
        FieldKind::Number | FieldKind::Integer => html! {
            <input
                type="number"
                step=if field.kind == FieldKind::Integer { "1" } else { "any" }
                name=name
                id=id
                required=required
                min=field.min
                max=field.max
                aria-describedby=described_by
                aria-invalid=invalid
                value=value.get_untracked()
                prop:value=text(move || value.get())
            />
        },
        kind @ (FieldKind::Text | FieldKind::Address | FieldKind::Secret) => html! {
            <input
                type=match kind {
                    FieldKind::Address => "url",
                    FieldKind::Secret => "password",
                    _ => "text",
                }
                name=name
                id=id
                required=required
                minlength=field.min
                maxlength=field.max
                pattern=field.pattern
                aria-describedby=described_by
                aria-invalid=invalid
                autocomplete="off"
                value=value.get_untracked()
                prop:value=text(move || value.get())
            />
        },
    }
}

fn help(field: &FieldView) -> Option<String> {
    let limits = match (&field.kind, &field.min, &field.max) {
        (FieldKind::Number | FieldKind::Integer, Some(min), Some(max)) => Some(format!("From {min} to {max}.")),
        (FieldKind::Number | FieldKind::Integer, Some(min), None) => Some(format!("At least {min}.")),
        (FieldKind::Number | FieldKind::Integer, None, Some(max)) => Some(format!("At most {max}.")),
        (FieldKind::List, ..) => Some("One per line.".to_owned()),
        (FieldKind::Json, ..) => Some("JSON.".to_owned()),
        _ => None,
    };
    let parts: Vec<String> = field.help.clone().into_iter().chain(limits).collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}
