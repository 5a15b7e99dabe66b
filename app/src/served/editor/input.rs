//! A field as it is drawn.

use super::field::{Field, Kind};
use crate::served::text_area::TextArea;
use leptos::prelude::*;

/// What is to be said about fields: entries that were not taken, and what is wrong with what stands in the text.
pub(super) struct Said<'s> {
    /// Name, entry, what is wrong.
    pub(super) refused: &'s [(String, String, String)],
    /// Pointer, what is wrong.
    pub(super) found: Vec<(String, String)>,
    /// Kind of the next new step.
    pub(super) new_kind: &'s str,
    /// Schema to be pasted.
    pub(super) schema: &'s str,
}

/// Label, input, help.
pub(super) fn draw(field: &Field, said: &Said<'_>) -> AnyView {
    let name = field.name();
    let refused = said.refused.iter().find(|(refused, ..)| *refused == name);
    let pointer = name.split_once(':').map_or("", |(_, pointer)| pointer);
    let problem = match refused {
        Some((.., message)) => Some(message.clone()),
        None => said
            .found
            .iter()
            .find(|(found, _)| found == pointer)
            .map(|(_, message)| message.clone()),
    };
    let text = refused.map_or_else(|| field.text.clone(), |(_, entered, _)| entered.clone());
    let help_id = format!("{name}-help");
    let control = control(field, &name, text, &help_id, problem.is_some());
    let label = html! { <label for=name>{field.label.clone()}</label> };
    let both = if field.kind == Kind::Required {
        html! { <div class="check">{control} {label}</div> }
    } else {
        html! { {label} {control} }
    };
    let help = (!field.help.is_empty()).then(|| html! { <p>{field.help.clone()}</p> });
    let class = if problem.is_some() {
        "form-field wrong"
    } else {
        "form-field"
    };
    html! {
        <div class=class>
            {both}
            <div class="help" id=help_id>{problem.map(|problem| html! { <p class="problem">{problem}</p> })} {help}</div>
        </div>
    }
}

fn control(field: &Field, name: &str, text: String, help_id: &str, is_wrong: bool) -> AnyView {
    let (name, described_by) = (name.to_owned(), help_id.to_owned());
    let invalid = is_wrong.then_some("true");
    match &field.kind {
        Kind::Required => html! {
            <input type="checkbox" name=name.clone() id=name checked=!text.is_empty() aria-describedby=described_by />
        },
        Kind::Lines | Kind::List(_) | Kind::Yaml => {
            let rows = u32::try_from(text.lines().count()).unwrap_or(12).clamp(2, 12);
            html! { <TextArea name=name.clone() id=name value=text required=false described_by invalid=is_wrong rows=rows /> }
        }
        Kind::Flag => choice(
            name,
            &text,
            described_by,
            &["true".to_owned(), "false".to_owned()],
            |word| {
                if word == "true" {
                    "yes".to_owned()
                } else {
                    "no".to_owned()
                }
            },
        ),
        Kind::Choice(words) => choice(name, &text, described_by, words, ToOwned::to_owned),
        _ => html! {
            <input
                type="text"
                name=name.clone()
                id=name
                value=text
                autocomplete="off"
                spellcheck="false"
                aria-describedby=described_by
                aria-invalid=invalid
            />
        },
    }
}

/// What stands in the text is offered, whatever the language knows.
fn choice(name: String, text: &str, described_by: String, words: &[String], say: fn(&str) -> String) -> AnyView {
    let foreign = (!text.is_empty() && !words.iter().any(|word| word == text)).then(|| text.to_owned());
    let options = words
        .iter()
        .chain(&foreign)
        .map(|word| html! { <option value=word.clone() selected=*word == text>{say(word)}</option> })
        .collect_view();
    html! {
        <select name=name.clone() id=name aria-describedby=described_by>
            <option value="">"–"</option>
            {options}
        </select>
    }
}
