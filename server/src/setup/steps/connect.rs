//! `/setup/connect`.

use crate::setup::Setup;
use app::setup::ConnectView;
use axum::{
    Form,
    extract::State,
    response::{Html, IntoResponse, Redirect, Response},
};
use http::{HeaderMap, StatusCode};
use runs::setup::{Check, NewAddress};
use serde::Deserialize;

/// What the form sends.
#[derive(Deserialize)]
pub(in crate::setup) struct AddressForm {
    host: String,
    #[serde(default)]
    port: String,
    database: String,
    user: String,
    #[serde(default)]
    password: String,
    tls: String,
}

/// Tries now.
pub(in crate::setup) async fn show(State(setup): State<Setup>, headers: HeaderMap) -> Html<String> {
    Html(draw(&setup, &headers, None).await)
}

/// Uses another address, when its parts make one.
pub(in crate::setup) async fn enter(
    State(setup): State<Setup>,
    headers: HeaderMap,
    Form(form): Form<AddressForm>,
) -> Response {
    let refused = if setup.state().is_some() || setup.migration().is_running() {
        "The server works with the present address already; restart it with another DATABASE_URL.".to_owned()
    } else {
        let entered = NewAddress {
            host: form.host,
            port: form.port,
            database: form.database,
            user: form.user,
            password: form.password,
            tls: form.tls,
        };
        match entered.into_url(setup.database_url().as_deref()) {
            Ok(url) => {
                setup.enter(url);
                return Redirect::to("/setup/connect").into_response();
            }
            Err(problem) => format!("Nothing was changed: {problem}."),
        }
    };
    let page = draw(&setup, &headers, Some(refused)).await;
    (StatusCode::UNPROCESSABLE_ENTITY, Html(page)).into_response()
}

async fn draw(setup: &Setup, headers: &HeaderMap, refused: Option<String>) -> String {
    let look = setup.look().await;
    if look.as_ref().is_some_and(|look| look.failure.is_none()) {
        setup.nudge();
    }
    let frame = setup.frame(headers, look.as_deref()).await;
    let view = match look {
        Some(look) => ConnectView {
            address: look.address.clone(),
            entrance: look.entrance.clone(),
            refused,
        },
        None => ConnectView {
            address: None,
            entrance: Check::broken(
                "database",
                "DATABASE_URL is not set.",
                "Set it in the environment of the server and start it again, or enter an address below for this start. \
                 `runboard serve --embedded` brings a Postgres of its own.",
            )
            .copy("DATABASE_URL=postgres://USER:PASSWORD@HOST:5432/DATABASE"),
            refused,
        },
    };
    app::setup::connect(&frame, view)
}
