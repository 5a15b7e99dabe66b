//! `/setup/smoke`.

use super::{migrate::Still, operator, page};
use crate::setup::{Setup, state::Smoke};
use app::setup::SmokeView;
use axum::{
    extract::{Query, State},
    response::{IntoResponse, Redirect, Response},
};
use http::HeaderMap;
use runs::setup::{Address, smoke};

const REFRESH_SECONDS: u32 = 1;

/// Whether every lane has proven itself.
pub(in crate::setup) async fn is_green(setup: &Setup) -> bool {
    let runs = setup.smoke().runs;
    match setup.state() {
        Some(state) if !runs.is_empty() => smoke::watch(&state.services, &operator(), &runs)
            .await
            .is_ok_and(|smoke| smoke.is_green()),
        _ => false,
    }
}

/// How it stands.
pub(in crate::setup) async fn show(
    State(setup): State<Setup>,
    Query(still): Query<Still>,
    headers: HeaderMap,
) -> Response {
    draw(&setup, &headers, still.still.is_none(), None).await
}

/// Starts a round, unless one is on its way.
pub(in crate::setup) async fn begin(State(setup): State<Setup>, headers: HeaderMap) -> Response {
    let Some(state) = setup.state() else {
        return Redirect::to("/setup").into_response();
    };
    let mut round = setup.smoke();
    if !round.runs.is_empty() {
        match smoke::watch(&state.services, &operator(), &round.runs).await {
            Ok(present) if present.is_over() => round = Smoke::new(),
            _ => return Redirect::to("/setup/smoke").into_response(),
        }
    }
    match smoke::start(&state.services, &operator(), &round.round).await {
        Ok(runs) => {
            setup.keep_smoke(Smoke { runs, ..round });
            Redirect::to("/setup/smoke").into_response()
        }
        Err(error) => {
            let words = crate::error::chain(&error);
            tracing::error!("The smoke run was not started: {words}");
            draw(&setup, &headers, false, Some(format!("It was not started: {words}."))).await
        }
    }
}

async fn draw(setup: &Setup, headers: &HeaderMap, wants_fresh: bool, refused: Option<String>) -> Response {
    let look = setup.look().await;
    let frame = setup.frame(headers, look.as_deref()).await;
    let seen = match setup.state() {
        Some(state) => match smoke::watch(&state.services, &operator(), &setup.smoke().runs).await {
            Ok(seen) => Some(seen),
            Err(error) => {
                tracing::warn!("The smoke run cannot be watched: {}", crate::error::chain(&error));
                None
            }
        },
        None => None,
    };
    let is_moving = seen.as_ref().is_some_and(|seen| !seen.is_over());
    let is_fresh = wants_fresh && is_moving;
    let view = SmokeView {
        smoke: seen,
        worker: worker(setup),
        refused,
        is_fresh,
    };
    page(app::setup::smoke(&frame, view), is_fresh.then_some(REFRESH_SECONDS))
}

/// How to start a worker for this installation; the password is not repeated.
fn worker(setup: &Setup) -> String {
    let address = setup.database_url().and_then(|url| Address::read(&url));
    let address = address.map_or_else(
        || "postgres://USER:PASSWORD@HOST:5432/DATABASE".to_owned(),
        |address| {
            format!(
                "postgres://{}:PASSWORD@{}:{}/{}",
                address.user, address.host, address.port, address.database
            )
        },
    );
    format!(
        "DATABASE_URL='{address}' runboard-worker --lanes A,B,C,D --secret-key-file {}",
        setup.secret_key_file().display()
    )
}
