//! The form of a template: what it is, its parameters, its steps, its limits.

use super::{
    field::Field,
    fields::{Fields, Param, Step},
    input::{Said, draw},
};
use crate::components::Icon;
use crate::served::text_area::TextArea;
use domain::StepKind;
use leptos::prelude::*;

/// The form; `preview` is the start form that the parameters make, `misfit` says which recent runs no longer fit.
pub(super) fn of(fields: &Fields, said: &Said<'_>, preview: AnyView, misfit: AnyView) -> AnyView {
    let last = fields.steps.len().saturating_sub(1);
    let steps = fields.steps.iter().enumerate();
    let steps = steps
        .map(|(at, known)| step(known, at, at == last, said))
        .collect_view();
    let kinds = StepKind::ALL.map(StepKind::as_str);
    let kinds = kinds.map(|kind| html! { <option value=kind selected=kind == said.new_kind>{kind}</option> });
    html! {
        <fieldset class="part">
            <legend>"Template"</legend>
            {some(&fields.head, said)}
        </fieldset>
        {params(fields, said, preview, misfit)}
        <fieldset class="part">
            <legend>"Steps"</legend>
            {steps}
            <div class="row">
                <label for="new-kind" class="sr">"Kind of the new step"</label>
                <select id="new-kind" name="new_kind">{kinds.into_iter().collect_view()}</select>
                {button("step-add", "step-add", "Add step", None)}
            </div>
            {other(said, "step-")}
        </fieldset>
        <details class="part more" id="policy">
            <summary>"Limits of the whole run"</summary>
            <div class="pairs">{some(&fields.policy, said)}</div>
        </details>
    }
}

fn params(fields: &Fields, said: &Said<'_>, preview: AnyView, misfit: AnyView) -> AnyView {
    let Some(params) = &fields.params else {
        return html! {
            <fieldset class="part">
                <legend>"Parameters"</legend>
                <p class="note">"They are written as a short list. As a JSON Schema they can be built here, with limits, choices and help."</p>
                {button("params-schema", "params-schema", "Write them as a schema", None)} {preview}
            </fieldset>
        };
    };
    let last = params.len().saturating_sub(1);
    let rows = params.iter().enumerate();
    let rows = rows
        .map(|(at, known)| param(known, at, at == last, said))
        .collect_view();
    let pasted = said.refused.iter().find(|(name, ..)| name == "schema");
    let text = pasted.map_or_else(|| said.schema.to_owned(), |(_, entered, _)| entered.clone());
    let problem = pasted.map(|(.., message)| html! { <p class="problem">{message.clone()}</p> });
    html! {
        <fieldset class="part">
            <legend>"Parameters"</legend>
            {misfit}
            {params.is_empty().then(|| html! { <p class="note">"It takes none: a run starts without a question."</p> })}
            {rows}
            <div class="row">{button("param-add", "param-add", "Add parameter", None)}</div>
            {other(said, "param-")}
            <details class="more" id="paste" open=pasted.is_some()>
                <summary>"Paste a JSON Schema"</summary>
                <div class="form-field">
                    <label for="schema">"Schema, as JSON or YAML"</label>
                    <TextArea
                        name="schema".to_owned()
                        id="schema".to_owned()
                        value=text
                        required=false
                        described_by="schema-help".to_owned()
                        invalid=pasted.is_some()
                        rows=6
                    />
                    <div class="help" id="schema-help">
                        {problem}
                        <p>"It replaces the parameters. Keywords that this form does not know are kept."</p>
                    </div>
                </div>
                {button("schema-paste", "schema-paste", "Replace the parameters", None)}
            </details>
            {preview}
        </fieldset>
    }
}

fn param(param: &Param, at: usize, is_last: bool, said: &Said<'_>) -> AnyView {
    let (name, id) = (&param.name, format!("param-{}", param.name));
    let others = (!param.others.is_empty()).then(|| {
        html! { <p class="note">{format!("Also in the text, and kept: {}.", param.others.join(", "))}</p> }
    });
    let (main, more) = param.fields.split_at(4.min(param.fields.len()));
    html! {
        <fieldset class="piece">
            <legend>
                <code>{name.clone()}</code>
            </legend>
            {tools("param", name, &id, at == 0, is_last)}
            <div class="pairs">{some(main, said)}</div>
            <details class="more" id=format!("{id}-more")>
                <summary>"Help, default, limits"</summary>
                <div class="pairs">{some(more, said)}</div>
                {others}
            </details>
        </fieldset>
    }
}

fn step(step: &Step, at: usize, is_last: bool, said: &Said<'_>) -> AnyView {
    let id = format!("step-{at}");
    let is_main = |field: &&Field| {
        let key = field.path.last().map_or("", String::as_str);
        let is_of_kind = field.path.get(2).is_some_and(|part| part == "with");
        !is_of_kind
            || !field.text.is_empty()
            || matches!(
                key,
                "script" | "url" | "image" | "message" | "action" | "tool" | "adapter"
            )
    };
    let (main, more): (Vec<&Field>, Vec<&Field>) = step.fields.iter().partition(is_main);
    let more = (!more.is_empty()).then(|| {
        html! {
            <details class="more" id=format!("{id}-with")>
                <summary>{format!("More of {}", step.kind)}</summary>
                <div class="pairs">{more.into_iter().map(|field| draw(field, said)).collect_view()}</div>
            </details>
        }
    });
    let has_rules = step.rules.iter().any(|rule| !rule.text.is_empty());
    html! {
        <fieldset class="piece">
            <legend>{format!("{}. {}", at + 1, step.title)}</legend>
            {tools("step", &at.to_string(), &id, at == 0, is_last)}
            <div class="pairs">{main.into_iter().map(|field| draw(field, said)).collect_view()}</div>
            {more}
            <details class="more" id=format!("{id}-rules") open=has_rules>
                <summary>"When it runs, tries, failure"</summary>
                <div class="pairs">{some(&step.rules, said)}</div>
            </details>
        </fieldset>
    }
}

/// Up, down, remove.
fn tools(sort: &str, object: &str, id: &str, is_first: bool, is_last: bool) -> AnyView {
    let what = if sort == "step" {
        format!("step {}", object.parse::<usize>().unwrap_or_default() + 1)
    } else {
        format!("parameter {object}")
    };
    let label = |verb: &str| Some(format!("{verb} {what}"));
    let up = (!is_first).then(|| {
        button(
            &format!("{sort}-up:{object}"),
            &format!("{id}-up"),
            "Up",
            label("Move up"),
        )
    });
    let down = (!is_last).then(|| {
        button(
            &format!("{sort}-down:{object}"),
            &format!("{id}-down"),
            "Down",
            label("Move down"),
        )
    });
    let remove = button(
        &format!("{sort}-remove:{object}"),
        &format!("{id}-remove"),
        "Remove",
        label("Remove"),
    );
    html! { <div class="row tools">{up} {down} {remove}</div> }
}

fn button(op: &str, id: &str, word: &'static str, label: Option<String>) -> AnyView {
    html! { <button class="btn sm" name="op" value=op.to_owned() id=id.to_owned() aria-label=label>{word}</button> }
}

fn some(fields: &[Field], said: &Said<'_>) -> AnyView {
    fields.iter().map(|field| draw(field, said)).collect_view().into_any()
}

/// What is wrong with what a button asked for.
fn other(said: &Said<'_>, verb: &str) -> AnyView {
    let refused = said.refused.iter().filter(|(name, ..)| name.starts_with(verb));
    refused
        .map(|(.., message)| {
            html! {
                <p class="problem">
                    <Icon name="warn" />
                    {message.clone()}
                </p>
            }
        })
        .collect_view()
        .into_any()
}
