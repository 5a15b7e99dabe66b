//! `/login`: e-mail and password. The form goes to the server's own handler, which keeps the session in a cookie.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// The page.
#[component]
pub(crate) fn LoginPage() -> impl IntoView {
    let query = use_query_map();
    let next = query.read_untracked().get("next").unwrap_or_else(|| "/".to_owned());
    let refusal = query.read_untracked().get("error")
        .map(|code| match code.as_str() {
            "link" => "This link was used already or is too old. An operator prints a new one with: runboard user link --email ADDRESS",
            "rate" | "rate_limited" => "Too many attempts. Wait a minute and try again.",
            _ => "E-mail and password do not fit together.",
        });
    html! {
        <Title text="Log in" />
        <div class="login">
            <section class="card pane">
                <h1>"Log in to Runboard"</h1>
                {refusal.map(|words| html! { <p class="refused-line" role="alert">{words}</p> })}
                <form method="post" action="/login">
                    <input type="hidden" name="next" value=next />
                    <div class="form-field">
                        <label for="email">"E-mail"</label>
                        <input type="email" id="email" name="email" required=true autocomplete="username" />
                    </div>
                    <div class="form-field">
                        <label for="password">"Password"</label>
                        <input type="password" id="password" name="password" required=true autocomplete="current-password" />
                    </div>
                    <button class="btn primary wide">"Log in"</button>
                </form>
                <p class="note">"The first login is the one-time link that the server printed at its start."</p>
            </section>
        </div>
    }
}
