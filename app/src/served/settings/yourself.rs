//! `/settings`: how pages look, who one is, password.

use super::tabs::tabs;
use crate::looks::{DENSITY, KEYS, Look, THEME};
use crate::served::{Ask, Page, dialog::Field, parts::refusal};
use domain::Via;
use leptos::prelude::*;

/// The page.
pub(super) fn page(ask: &Ask) -> Page {
    let is_person = ask.claims.via == Via::Browser;
    let body = html! {
        {tabs(ask)}
        <section class="card pane" aria-labelledby="looks-title">
            <h2 id="looks-title">"How pages look"</h2>
            {choice(&THEME, "Theme", &["As the system", "Light", "Dark"])}
            {choice(&DENSITY, "Rows", &["Usual", "Compact"])}
        </section>
        <section class="card pane" aria-labelledby="keys-title-here">
            <h2 id="keys-title-here">"Keyboard"</h2>
            {choice(&KEYS, "Single keys", &["On", "Off"])}
            <p class="note">
                "Keys such as " <kbd>"j"</kbd> " and " <kbd>"p"</kbd>
                " do something as soon as they are pressed. Switch them off when you dictate, or press keys by accident."
            </p>
        </section>
        <section class="card pane" aria-labelledby="account-title">
            <h2 id="account-title">"You"</h2>
            <dl class="facts-list">
                <div><dt>"Name"</dt><dd class="text">{ask.claims.actor.clone()}</dd></div>
                <div><dt>"Role"</dt><dd>{ask.claims.role.as_str()}</dd></div>
            </dl>
            <form method="post" action="/logout" data-plain="">
                <button class="btn">"Log out"</button>
            </form>
        </section>
        {is_person.then(password)}
    };
    Page::new(ask, "Settings", body).narrow()
}

/// The words of `look`, of which one is pressed.
fn choice(look: &Look, label: &'static str, labels: &[&'static str]) -> AnyView {
    let chosen = look.chosen();
    let buttons = look
        .words
        .iter()
        .zip(labels)
        .map(|(word, text)| {
            html! {
                <button
                    class="btn"
                    id=format!("{}-{word}", look.name)
                    name=look.name
                    value=*word
                    aria-pressed=(*word == chosen).to_string()
                >
                    {*text}
                </button>
            }
        })
        .collect_view();
    html! {
        <form method="post" action="/fn/choose_looks" data-apply=look.name>
            <div class="look" role="group" aria-label=label>
                <span class="strong">{label}</span>
                <div class="segments">{buttons}</div>
                {refusal()}
            </div>
        </form>
    }
}

fn password() -> AnyView {
    let field = |name, label, help| Field {
        form: "password",
        name,
        label,
        help,
    };
    html! {
        <section class="card pane" aria-labelledby="password-title">
            <h2 id="password-title">"Password"</h2>
            <form method="post" action="/fn/change_password" data-done="The password is changed.">
                {refusal()}
                {field("new_password", "New password", "At least 12 characters. Your other browsers are logged out.")
                    .line("password", "", true)}
                {field("repeated", "Once more", "").line("password", "", true)}
                <button class="btn">"Change password"</button>
            </form>
        </section>
    }
}
