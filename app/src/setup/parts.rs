//! The pieces that the pages of the set-up are made of.

use crate::components::Icon;
use leptos::prelude::*;
use runs::setup::{Check, State};

/// A text that one click selects whole. A page without scripts cannot do more, and need not.
pub(super) fn copy(text: impl Into<String>) -> AnyView {
    html! {
        <pre class="copy" tabindex="0" role="group" aria-label="To copy">
            {text.into()}
        </pre>
    }
}

/// What was looked at, each with its state in a shape, a word and a colour.
pub(super) fn checks(label: &'static str, checks: &[Check]) -> AnyView {
    html! {
        <ul class="checks card" aria-label=label>
            {checks.iter().cloned().map(check).collect_view()}
        </ul>
    }
}

fn check(check: Check) -> AnyView {
    let (icon, tone) = match check.state {
        State::Ok => ("check", "ok"),
        State::Warning => ("warn", "warn"),
        State::Broken => ("cross", "bad"),
    };
    let fix = check.fix.map(|fix| {
        html! {
            <p>{fix.todo}</p>
            {fix.copy.map(copy)}
        }
    });
    html! {
        <li>
            <span class=format!("pill {tone}")>
                <Icon name=icon />
                {check.state.as_str()}
            </span>
            <div class="found">
                <p class="strong says">{check.says}</p>
                {fix}
            </div>
        </li>
    }
}

/// The way on, and what else can be done here.
pub(super) fn ways(ways: Vec<AnyView>) -> AnyView {
    html! { <p class="row bar setup-ways">{ways}</p> }
}

/// The one that is usually taken.
pub(super) fn onward(href: &'static str, text: &'static str) -> AnyView {
    html! { <a class="btn primary" href=href>{text}</a> }
}

/// Another one.
pub(super) fn way(href: &'static str, text: &'static str) -> AnyView {
    html! { <a class="btn" href=href>{text}</a> }
}

/// One field of a form.
pub(super) fn field(label: &'static str, input: AnyView, id: &'static str) -> AnyView {
    html! {
        <div class="form-field">
            <label for=id>{label}</label>
            {input}
        </div>
    }
}

/// Why a form was refused.
pub(super) fn refusal(words: Option<String>) -> Option<AnyView> {
    words.map(|words| html! { <p class="refused-line" role="alert">{words}</p> })
}
