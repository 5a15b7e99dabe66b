//! Entering the database.

use super::{
    Frame, Step,
    parts::{checks, field, onward, refusal, way, ways},
};
use leptos::prelude::*;
use runs::setup::{Address, Check, TLS_WORDS};

/// What was found.
pub struct ConnectView {
    /// The address, when there is one.
    pub address: Option<Address>,
    /// How entering it went.
    pub entrance: Check,
    /// Why an address that was entered was not taken.
    pub refused: Option<String>,
}

/// The page.
pub fn connect(frame: &Frame, view: ConnectView) -> String {
    frame.draw(Some(Step::Connect), Step::Connect.title(), || body(view))
}

fn body(view: ConnectView) -> AnyView {
    let is_in = !view.entrance.is_broken();
    let facts = view.address.clone().map(facts);
    let on = is_in.then(|| onward("/setup/rights", "Continue to rights"));
    html! {
        <p class="lead">
            "Runboard keeps everything in one Postgres. This is where DATABASE_URL leads, and what happens there."
        </p>
        {facts}
        {checks("The database", &[view.entrance])}
        {ways(vec![on.into_any(), way("/setup/connect", "Try again")])}
        {form(view.address, view.refused)}
    }
}

fn facts(address: Address) -> AnyView {
    let fact = |term: &'static str, value: String| html! { <div><dt>{term}</dt><dd>{value}</dd></div> };
    let password = if address.has_password {
        "set, never shown"
    } else {
        "none in the address"
    };
    html! {
        <dl class="facts-list card pane">
            {fact("Host", address.host)} {fact("Port", address.port.to_string())} {fact("Database", address.database)}
            {fact("User", address.user)} {fact("Password", password.to_owned())} {fact("TLS (sslmode)", address.tls.to_owned())}
        </dl>
    }
}

fn form(address: Option<Address>, refused: Option<String>) -> AnyView {
    let is_open = refused.is_some() || address.is_none();
    let has_password = address.as_ref().is_some_and(|address| address.has_password);
    let Address {
        host,
        port,
        database,
        user,
        tls,
        ..
    } = address.unwrap_or_else(|| Address {
        host: String::new(),
        port: 5432,
        database: "runboard".to_owned(),
        user: String::new(),
        tls: "prefer",
        has_password: false,
    });
    let text = |id: &'static str, value: String| {
        html! { <input type="text" id=id name=id value=value required=true autocomplete="off" spellcheck="false" /> }
    };
    let words = TLS_WORDS
        .into_iter()
        .map(|word| html! { <option value=word selected=word == tls>{word}</option> })
        .collect_view();
    let keep = has_password.then_some("Left empty, the present one stays, as long as host, port and user do.");
    html! {
        <details class="more card pane" open=is_open>
            <summary>"Use another address"</summary>
            <p>"It is kept in the memory of this server, for this start only."</p>
            {refusal(refused)}
            <form method="post" action="/setup/connect">
                <div class="setup-fields">
                    {field("Host", text("host", host), "host")}
                    {field(
                        "Port",
                        html! { <input type="number" id="port" name="port" min="1" max="65535" value=port.to_string() /> },
                        "port",
                    )}
                    {field("Database", text("database", database), "database")} {field("User", text("user", user), "user")}
                    {field(
                        "Password",
                        html! { <input type="password" id="password" name="password" autocomplete="off" aria-describedby="password-help" /> },
                        "password",
                    )}
                    {field("TLS (sslmode)", html! { <select id="tls" name="tls">{words}</select> }, "tls")}
                </div>
                <p id="password-help" class="help">{keep}</p>
                <button class="btn">"Connect"</button>
            </form>
        </details>
    }
}
