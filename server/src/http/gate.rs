//! The gate before every handler: who calls, whether they may, whether a browser was tricked.

use super::{
    origin,
    permissions::{Access, access, is_for_programs},
};
use crate::{
    caller::{Caller, identify},
    error::ApiError,
    state::AppState,
};
use axum::{
    extract::{ConnectInfo, MatchedPath, Request, State},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use domain::{Permission, Role, Via};
use http::StatusCode;
use std::{net::SocketAddr, time::Instant};

/// Lets a request through or answers it.
pub(super) async fn gate(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let asked = match request.extensions().get::<MatchedPath>() {
        Some(path) => access(request.method().as_str(), path.as_str()),
        None if is_for_programs(request.uri().path()) => Access::Call(Permission::Read),
        // A file that is not there is no page to log in for.
        None if request
            .uri()
            .path()
            .rsplit('/')
            .next()
            .is_some_and(|name| name.contains('.')) =>
        {
            Access::Open
        }
        None => Access::Page,
    };
    let caller = match asked {
        // A login form works without a session, and is worth tricking a browser into.
        Access::Open if !request.method().is_safe() => {
            return match origin::check(&request, &state.public_url) {
                Ok(()) => next.run(request).await,
                Err(error) => error.into_response(),
            };
        }
        Access::Open | Access::Address => return next.run(request).await,
        Access::LoopbackOrRead if is_from_here(&request) => return next.run(request).await,
        Access::LoopbackOrRead | Access::Call(_) | Access::Page => identify(&state, request.headers()).await,
    };
    match (asked, caller) {
        (Access::Page, Ok(None)) => return to_login(&request).into_response(),
        (_, Err(error)) => return error.into_response(),
        (_, Ok(None)) => return ApiError::unauthenticated().into_response(),
        (_, Ok(Some(caller))) => {
            if let Err(error) = check(&caller, asked, &request, &state) {
                return error.into_response();
            }
            if let Err(error) = slow_down(&caller, &request, &state) {
                return error.into_response();
            }
            request.extensions_mut().insert(caller);
        }
    }
    next.run(request).await
}

fn check(caller: &Caller, asked: Access, request: &Request, state: &AppState) -> Result<(), ApiError> {
    let permission = match asked {
        Access::Call(permission) => permission,
        _ => Permission::Read,
    };
    if !caller.0.may(permission) {
        return Err(ApiError::forbidden(permission.lowest_role()));
    }
    // Only browsers send credentials without being asked to.
    if caller.0.via == Via::Browser && !request.method().is_safe() {
        origin::check(request, &state.public_url)?;
    }
    Ok(())
}

/// Reads are free. Writes are counted by caller, calls of workers by token, at each server.
fn slow_down(caller: &Caller, request: &Request, state: &AppState) -> Result<(), ApiError> {
    let limit = match caller.0.role {
        _ if request.method().is_safe() => return Ok(()),
        Role::Worker => &state.worker_calls,
        _ => &state.writes,
    };
    limit.take(&caller.0.subject, Instant::now()).map_err(|wait| {
        ApiError::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too_many_requests",
            "This caller writes more than the settings allow.",
        )
        .hint("Wait as long as Retry-After says; an admin may raise the setting.")
        .retry_after(wait.as_secs() + 1)
    })
}

/// A proxy on this machine calls from loopback too, but says for whom.
fn is_from_here(request: &Request) -> bool {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    peer.is_some_and(|ConnectInfo(peer)| peer.ip().is_loopback())
        && !request.headers().contains_key("x-forwarded-for")
        && !request.headers().contains_key("forwarded")
}

fn to_login(request: &Request) -> Redirect {
    let wanted = request.uri().path_and_query().map_or("/", |wanted| wanted.as_str());
    if request.method().is_safe() && wanted != "/" {
        let next: String = url::form_urlencoded::byte_serialize(wanted.as_bytes()).collect();
        return Redirect::to(&format!("/login?next={next}"));
    }
    Redirect::to("/login")
}
