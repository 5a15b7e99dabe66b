//! The pages of the app inside this server.

use super::security::page_policy;
use crate::{
    caller::{Caller, session_of},
    error::ApiError,
    state::AppState,
};
use app::Posted;
use axum::{
    Router,
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use http::{HeaderValue, Method, header};
use leptos::{config::LeptosOptions, nonce::use_nonce, prelude::provide_context, prelude::use_context};
use leptos_axum::{LeptosRoutes, ResponseOptions, generate_route_list};

/// A template comes twice in the form that edits it, each sign as up to three.
const LARGEST_FORM: usize = 4 * 1024 * 1024;

/// Every page and server function of the app.
pub(super) fn router(state: &AppState) -> Router<AppState> {
    let (leptos, services) = (state.leptos.clone(), state.services.clone());
    let installation = installation(state);
    Router::new().leptos_routes_with_context(
        state,
        generate_route_list(app::App),
        move || context(&services, &installation),
        move || app::shell(leptos.clone()),
    )
}

/// The pages that need no route, down to the one that says there is no such page. What a form on a page's own address
/// sends is given to that page.
pub(super) async fn served(State(state): State<AppState>, mut request: Request) -> Response {
    if request.method() == Method::POST {
        let body = std::mem::take(request.body_mut());
        let Ok(bytes) = axum::body::to_bytes(body, LARGEST_FORM).await else {
            return ApiError::invalid("body", "The form is too large.").into_response();
        };
        let pairs = url::form_urlencoded::parse(&bytes).into_owned().collect();
        request.extensions_mut().insert(Posted(pairs));
    }
    let (leptos, services) = (state.leptos.clone(), state.services.clone());
    let installation = installation(&state);
    let render = leptos_axum::render_app_async_with_context(
        move || context(&services, &installation),
        move || app::shell(leptos.clone()),
    );
    render(request).await.into_response()
}

/// What the server tells of itself.
fn installation(state: &AppState) -> app::Installation {
    app::Installation {
        public_url: state.public_url.as_str().into(),
        connections: state.connections.clone(),
    }
}

/// What pages and server functions find in their context: the use cases and who calls.
fn context(services: &runs::Services, installation: &app::Installation) {
    provide_context(services.clone());
    provide_context(installation.clone());
    if let Some(Caller(claims)) =
        use_context::<http::request::Parts>().and_then(|parts| parts.extensions.get::<Caller>().cloned())
    {
        provide_context(claims);
    }
    if let Some(session) = use_context::<http::request::Parts>().and_then(|parts| session_of(&parts.headers)) {
        provide_context(app::OwnSession(session));
    }
    if let Some(posted) =
        use_context::<http::request::Parts>().and_then(|parts| parts.extensions.get::<Posted>().cloned())
    {
        provide_context(posted);
    }
    let policy = use_nonce().and_then(|nonce| HeaderValue::try_from(page_policy(&nonce)).ok());
    if let (Some(response), Some(policy)) = (use_context::<ResponseOptions>(), policy) {
        response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
    }
}

/// Where the app finds its own files.
pub fn options(config: &crate::config::Config, listen: std::net::SocketAddr) -> LeptosOptions {
    LeptosOptions::builder()
        .output_name("runboard")
        .site_root(config.site_root.to_string_lossy())
        .site_pkg_dir("pkg")
        .site_addr(listen)
        .env(leptos::config::Env::PROD)
        .hash_files(has_hashes())
        .build()
}

/// The build writes the hashes of the bundle beside the executable, where the pages look for them.
fn has_hashes() -> bool {
    let beside = std::env::current_exe()
        .ok()
        .and_then(|exe| Some(exe.parent()?.join("hash.txt")));
    beside.is_some_and(|path| path.exists())
}
