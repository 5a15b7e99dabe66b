//! The steps: each looks at the database, and draws what it found.

pub(super) mod admin;
pub(super) mod connect;
pub(super) mod migrate;
pub(super) mod rights;
pub(super) mod smoke;
pub(super) mod sql;

use super::Setup;
use app::setup::{Progress, Step};
use axum::{
    extract::State,
    response::{Html, IntoResponse, Redirect, Response},
};
use domain::Claims;
use http::{HeaderName, header};

/// To the first step that is not done.
pub(super) async fn begin(State(setup): State<Setup>) -> Redirect {
    let look = setup.look().await;
    let step = match setup.progress(look.as_deref()).await {
        Progress::At(step) => step,
        Progress::Done => Step::Smoke,
    };
    Redirect::to(step.path())
}

/// As whom the set-up acts: whoever reads the console could do the same from there.
fn operator() -> Claims {
    Claims {
        subject: "setup".to_owned(),
        actor: "set-up".to_owned(),
        ..Claims::command_line()
    }
}

/// A page that the browser fetches again after so many seconds, without any script.
fn page(html: String, refresh_seconds: Option<u32>) -> Response {
    const REFRESH: HeaderName = header::REFRESH;
    match refresh_seconds {
        Some(seconds) => ([(REFRESH, seconds.to_string())], Html(html)).into_response(),
        None => Html(html).into_response(),
    }
}
