//! `DELETE /api/views/{view_id}`: forgets a saved filter.

use crate::{
    actions::commit,
    caller::Caller,
    error::{ApiResult, Problem},
    http::body::Path,
};
use ::runs::{Services, views};
use axum::extract::State;
use http::StatusCode;
use uuid::Uuid;

/// Forgets a view; the runs stay.
#[utoipa::path(delete, path = "/api/views/{view_id}", tag = "runs", params(("view_id" = Uuid, Path)),
    responses((status = 204, description = "It is gone."), (status = 403, description = "It is somebody else's.", body = Problem),
        (status = 404, description = "No such view.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Path(view_id): Path<Uuid>,
) -> ApiResult<StatusCode> {
    let mut tx = services.begin(&claims).await?;
    views::delete(&mut tx, view_id).await?;
    commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}
