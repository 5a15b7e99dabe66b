//! `/settings`: theme, who one is, password.

use crate::Boot;
use crate::api::{ChangePassword, SetTheme};
use crate::components::late::{piece, text};
use crate::components::{PageHead, toast_outcome};
use domain::Via;
use leptos::{form::ActionForm, prelude::*};
use leptos_meta::Title;

/// The page.
#[component]
pub(crate) fn SettingsPage() -> impl IntoView {
    html! {
        <Title text="Settings" />
        <PageHead title="Settings" />
        <div class="page narrow">
            <Theme />
            <Account />
            <Password />
        </div>
    }
}

/// Light, dark, or as the system says.
#[component]
fn Theme() -> impl IntoView {
    let set = ServerAction::<SetTheme>::new();
    let boot = use_context::<Boot>().unwrap_or_default();
    let theme = RwSignal::new(boot.theme);
    Effect::new(move |_| {
        let chosen = set
            .value()
            .with(|value| value.as_ref().and_then(|value| value.as_ref().ok()).cloned());
        if let Some(chosen) = chosen {
            apply(&chosen);
            theme.set(chosen);
        }
    });
    let choice = move |word: &'static str, label: &'static str| {
        html! {
            <button
                class="btn"
                name="theme"
                value=word
                aria-pressed=text(move || (*theme.read() == word).to_string())
            >
                {label}
            </button>
        }
    };
    html! {
        <section class="card pane" aria-labelledby="theme-title">
            <h2 id="theme-title">"Theme"</h2>
            <ActionForm action=set>
                <div class="segments">
                    {choice("light", "Light")} {choice("dark", "Dark")} {choice("system", "As the system")}
                </div>
            </ActionForm>
        </section>
    }
}

fn apply(theme: &str) {
    if let Some(root) = document().document_element() {
        let _ = match theme {
            "system" => root.remove_attribute("data-theme"),
            theme => root.set_attribute("data-theme", theme),
        };
    }
}

/// Name, role, log out.
#[component]
fn Account() -> impl IntoView {
    let viewer = use_context::<Boot>().and_then(|boot| boot.viewer);
    viewer.map(|viewer| {
        html! {
            <section class="card pane" aria-labelledby="account-title">
                <h2 id="account-title">"You"</h2>
                <dl class="facts-list">
                    <div><dt>"Name"</dt><dd>{viewer.actor}</dd></div>
                    <div><dt>"Role"</dt><dd>{viewer.role.as_str()}</dd></div>
                </dl>
                <form method="post" action="/logout">
                    <button class="btn">"Log out"</button>
                </form>
            </section>
        }
    })
}

/// A new password, for people.
#[component]
fn Password() -> impl IntoView {
    let change = ServerAction::<ChangePassword>::new();
    toast_outcome(change, "The password is changed.");
    let is_person = use_context::<Boot>()
        .and_then(|boot| boot.viewer)
        .is_some_and(|viewer| viewer.via == Via::Browser);
    let refusal = move || {
        change.value().with(|value| {
            value
                .as_ref()
                .and_then(|value| value.as_ref().err().map(|error| error.message.clone()))
        })
    };
    is_person.then(|| {
        html! {
            <section class="card pane" aria-labelledby="password-title">
                <h2 id="password-title">"Password"</h2>
                <ActionForm action=change>
                    {piece(move || refusal().map(|words| html! { <p class="refused-line" role="alert">{words}</p> }))}
                    <div class="form-field">
                        <label for="new_password">"New password"</label>
                        <input type="password" id="new_password" name="new_password" required=true minlength="12" autocomplete="new-password" />
                    </div>
                    <div class="form-field">
                        <label for="repeated">"Once more"</label>
                        <input type="password" id="repeated" name="repeated" required=true minlength="12" autocomplete="new-password" />
                    </div>
                    <button class="btn" disabled=change.pending()>"Change password"</button>
                </ActionForm>
            </section>
        }
    })
}
