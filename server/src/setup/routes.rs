//! Which address leads where, before and after the database can be used.

use super::{Setup, link::COOKIE, steps};
use crate::{
    actions::sessions::redeem::is_person,
    error::ApiError,
    http::{assets, health::healthz, origin, permissions::is_for_programs, security, trace},
};
use axum::{
    Router,
    extract::{DefaultBodyLimit, Path, Request, State},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{Html, IntoResponse, Redirect, Response},
    routing::get,
};
use axum_extra::extract::CookieJar;
use http::{HeaderMap, Method, StatusCode, header};
use tower::ServiceBuilder;
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer};

/// Forms of a few fields.
const BODY_LIMIT: usize = 16 * 1024;

/// All there is before the database can be used.
pub(super) fn closed(setup: &Setup) -> Router {
    let otherwise = Router::new().fallback(not_yet).with_state(setup.clone());
    let router = pages(setup)
        .route("/healthz", get(healthz))
        .route("/readyz", get(readyz).with_state(setup.clone()))
        .fallback_service(assets::router(setup.site_root(), otherwise));
    layered(router)
}

/// The steps that are left, in front of the usual router.
pub(super) fn open(setup: &Setup, usual: Router) -> Router {
    layered(pages(setup)).fallback_service(usual)
}

fn pages(setup: &Setup) -> Router {
    let steps = Router::new()
        .route("/setup", get(steps::begin))
        .route("/setup/connect", get(steps::connect::show).post(steps::connect::enter))
        .route("/setup/rights", get(steps::rights::show))
        .route("/setup/sql", get(steps::sql::show))
        .route("/setup/runboard-migrations.sql", get(steps::sql::download))
        .route("/setup/migrate", get(steps::migrate::show).post(steps::migrate::begin))
        .route("/setup/admin", get(steps::admin::show).post(steps::admin::create))
        .route("/setup/smoke", get(steps::smoke::show).post(steps::smoke::begin))
        .layer(from_fn_with_state(setup.clone(), admit));
    steps
        .route("/setup/link/{token}", get(follow).post(press))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .with_state(setup.clone())
}

fn layered(router: Router) -> Router {
    router.layer(
        ServiceBuilder::new()
            .layer(from_fn(trace::span))
            .layer(CatchPanicLayer::custom(trace::panicked))
            .layer(from_fn(security::headers))
            .layer(CompressionLayer::new().br(true).gzip(true)),
    )
}

/// Only browsers that have used a link; and no other site makes them send a form.
async fn admit(State(setup): State<Setup>, request: Request, next: Next) -> Response {
    let session = CookieJar::from_headers(request.headers())
        .get(COOKIE)
        .map(|cookie| cookie.value().to_owned());
    if !session.is_some_and(|session| setup.keys().admits(&session)) {
        return closed_page(&setup, request.headers(), false);
    }
    if !request.method().is_safe()
        && let Err(error) = origin::check(&request, setup.url())
    {
        return error.into_response();
    }
    next.run(request).await
}

fn closed_page(setup: &Setup, headers: &HeaderMap, is_used: bool) -> Response {
    let page = app::setup::key(&setup.bare_frame(headers), is_used);
    (StatusCode::UNAUTHORIZED, Html(page)).into_response()
}

/// Uses the link up when a person follows it; programs look at links before people do.
async fn follow(State(setup): State<Setup>, Path(token): Path<String>, method: Method, headers: HeaderMap) -> Response {
    if is_person(&method, &headers) {
        return redeem(&setup, &token, &headers);
    }
    Html(BUTTON).into_response()
}

async fn press(State(setup): State<Setup>, Path(token): Path<String>, headers: HeaderMap) -> Response {
    redeem(&setup, &token, &headers)
}

const BUTTON: &str = "<!doctype html><html lang=en><meta charset=utf-8><title>Set up Runboard</title>\
    <meta name=robots content=noindex><main><h1>Runboard</h1><form method=post><button>Set up</button></form></main>";

fn redeem(setup: &Setup, token: &str, headers: &HeaderMap) -> Response {
    let Some(session) = setup.keys().redeem(token) else {
        return closed_page(setup, headers, true);
    };
    // The next browser needs the next one.
    setup.tell_link();
    let secure = if setup.is_https() { "; Secure" } else { "" };
    let cookie = format!("{COOKIE}={session}; Path=/setup; HttpOnly; SameSite=Lax{secure}");
    ([(header::SET_COOKIE, cookie)], Redirect::to("/setup")).into_response()
}

async fn readyz(State(setup): State<Setup>) -> ApiError {
    not_set_up(&setup)
}

/// Programs hear why and when to come back; people are led to the set-up.
async fn not_yet(State(setup): State<Setup>, request: Request) -> Response {
    if is_for_programs(request.uri().path()) || !request.method().is_safe() {
        return not_set_up(&setup).into_response();
    }
    Redirect::to("/setup").into_response()
}

fn not_set_up(setup: &Setup) -> ApiError {
    ApiError::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "not_set_up",
        format!("This server is not set up: {}.", setup.reason()),
    )
    .hint("Open /setup with the link that the server wrote on its console.")
    .retry_after(5)
}
