//! Whether the process lives and whether it can serve.

use crate::{error::ApiError, state::AppState};
use axum::extract::State;
use http::StatusCode;

/// The process answers. It asks nobody else: a broken database is no reason to restart the server.
#[utoipa::path(get, path = "/healthz", tag = "operating", security(()),
    responses((status = 200, description = "The process lives.", body = String)))]
pub(crate) async fn healthz() -> &'static str {
    "ok\n"
}

/// The database answers and has the shape this program needs.
#[utoipa::path(get, path = "/readyz", tag = "operating", security(()),
    responses((status = 200, description = "The server can serve.", body = String),
        (status = 503, description = "The database does not answer, or must be migrated.", body = crate::error::Problem)))]
pub(super) async fn readyz(State(state): State<AppState>) -> Result<&'static str, ApiError> {
    let pending = db::migrate::pending(state.services.pool()).await?;
    if pending.is_empty() {
        return Ok("ready\n");
    }
    let detail = format!("{} migrations are to be applied.", pending.len());
    Err(ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "not_migrated", detail).hint("Run `runboard migrate`."))
}
