//! How a request reaches its handler.
//!
//! Outermost first: measuring, the last line of defence against panics, security headers, limits, the
//! gate, then the handler. What is for programs answers with problems, what is for people with pages.
//!
//! Start at [`router`]; [`permissions`] is the one table of who may call what.

pub(crate) mod assets;
pub mod body;
mod gate;
pub(crate) mod health;
pub mod metrics;
mod not_found;
pub mod openapi;
pub(crate) mod origin;
mod pages;
pub mod peer;
pub mod permissions;
pub mod rate_limit;
pub(crate) mod security;
pub(crate) mod trace;

pub use pages::options as leptos_options;

use crate::{
    actions::sessions::{login, logout, redeem},
    state::AppState,
};
use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware::{from_fn, from_fn_with_state},
    routing::{get, post},
};
use http::header;
use tower::ServiceBuilder;
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer};

/// Bodies are small; templates are the largest.
const BODY_LIMIT: usize = 1024 * 1024;

/// Everything this server answers.
pub fn router(state: &AppState) -> Router {
    let (endpoints, _) = openapi::endpoints();
    let document = openapi::document();
    let gated = endpoints
        .route(
            "/openapi.json",
            get(move || async move { ([(header::CONTENT_TYPE, "application/json")], document) }),
        )
        .route("/login", post(login::handler))
        .route("/login/{token}", get(redeem::follow).post(redeem::press))
        .route("/logout", post(logout::handler))
        .merge(pages::router(state))
        .method_not_allowed_fallback(not_found::wrong_method)
        .layer(from_fn_with_state(state.clone(), gate::gate))
        .layer(DefaultBodyLimit::max(BODY_LIMIT));
    let otherwise = Router::new()
        .fallback(not_found::no_such_address)
        .layer(from_fn_with_state(state.clone(), gate::gate))
        .with_state(state.clone());
    let everything = gated
        .with_state(state.clone())
        .fallback_service(assets::router(&state.config.site_root, otherwise));
    everything.layer(
        ServiceBuilder::new()
            .layer(from_fn(metrics::measure))
            .layer(from_fn(trace::span))
            .layer(CatchPanicLayer::custom(trace::panicked))
            .layer(from_fn(security::headers))
            // Never the live stream: the default leaves event streams alone.
            .layer(CompressionLayer::new().br(true).gzip(true)),
    )
}
