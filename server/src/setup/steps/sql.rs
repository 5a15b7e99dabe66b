//! `/setup/sql` and the file.

use crate::setup::Setup;
use axum::{
    extract::{Query, State},
    response::{Html, IntoResponse, Redirect, Response},
};
use http::{HeaderMap, header};
use runs::setup::pending_sql;
use serde::Deserialize;

/// Which text is open.
#[derive(Deserialize)]
pub(in crate::setup) struct Shown {
    show: Option<i64>,
}

/// What would be applied.
pub(in crate::setup) async fn show(
    State(setup): State<Setup>,
    Query(shown): Query<Shown>,
    headers: HeaderMap,
) -> Html<String> {
    let look = setup.look().await;
    let frame = setup.frame(&headers, look.as_deref()).await;
    let shape = look.as_ref().map(|look| look.shape.clone()).unwrap_or_default();
    let ledger = look.as_ref().and_then(|look| look.ledger.as_ref());
    Html(app::setup::sql(&frame, ledger, &shape, shown.show))
}

/// The same as one file.
pub(in crate::setup) async fn download(State(setup): State<Setup>) -> Response {
    let look = setup.look().await;
    let Some(ledger) = look.as_ref().and_then(|look| look.ledger.as_ref()) else {
        return Redirect::to("/setup/connect").into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, "application/sql; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"runboard-migrations.sql\"",
        ),
    ];
    (headers, pending_sql(ledger)).into_response()
}
