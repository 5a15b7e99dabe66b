//! `DELETE /api/lanes/{name}`: deletes a lane that nothing names.

use crate::{
    actions::commit,
    caller::Caller,
    error::{ApiResult, Problem},
    http::body::Path,
};
use ::runs::{Services, control};
use axum::extract::State;
use http::StatusCode;

/// Deletes a lane without runs and templates.
#[utoipa::path(delete, path = "/api/lanes/{name}", tag = "lanes", params(("name" = String, Path)),
    responses((status = 204, description = "It is gone."), (status = 404, description = "No such lane.", body = Problem),
        (status = 409, description = "Runs or templates name it.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Path(name): Path<String>,
) -> ApiResult<StatusCode> {
    let mut tx = services.begin(&claims).await?;
    control::delete_lane(&mut tx, &name).await?;
    commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}
