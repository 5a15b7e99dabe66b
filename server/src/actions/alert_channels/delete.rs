//! `DELETE /api/alert-channels/{channel_id}`: forgets a channel.

use crate::{
    actions::commit,
    caller::Caller,
    error::{ApiResult, Problem},
    http::body::Path,
};
use ::runs::{Services, alerts::channels};
use axum::extract::State;
use http::StatusCode;
use uuid::Uuid;

/// Forgets a channel and what was still to be sent to it.
#[utoipa::path(delete, path = "/api/alert-channels/{channel_id}", tag = "alerts", params(("channel_id" = Uuid, Path)),
    responses((status = 204, description = "It is gone."), (status = 404, description = "No such channel.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Path(channel_id): Path<Uuid>,
) -> ApiResult<StatusCode> {
    let mut tx = services.begin(&claims).await?;
    channels::delete(&mut tx, channel_id).await?;
    commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}
