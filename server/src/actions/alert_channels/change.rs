//! `PATCH /api/alert-channels/{channel_id}`: changes a channel.

use super::view::{ChannelBody, ChannelView};
use crate::{
    actions::commit,
    caller::Caller,
    error::{ApiError, ApiResult, Problem},
    http::body::{Json, Path},
};
use ::runs::{Services, alerts::channels};
use axum::extract::State;
use uuid::Uuid;

/// Changes a channel; an empty list of kinds means all.
#[utoipa::path(patch, path = "/api/alert-channels/{channel_id}", tag = "alerts", params(("channel_id" = Uuid, Path)), request_body = ChannelBody,
    responses((status = 200, description = "The changed channel.", body = ChannelView),
        (status = 404, description = "No such channel.", body = Problem), (status = 409, description = "The name is taken.", body = Problem),
        (status = 422, description = "Something does not fit.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Path(channel_id): Path<Uuid>,
    Json(body): Json<ChannelBody>,
) -> ApiResult<Json<ChannelView>> {
    channels::reachable(services.network(), body.url()).await?;
    let gone = || ApiError::not_found("channel");
    let mut tx = services.begin(&claims).await?;
    let old = channels::channel(&mut tx, channel_id).await?.ok_or_else(gone)?;
    let spec = body.spec(Some(&old));
    channels::save(&mut tx, services.key(), channel_id, spec, body.secret.as_deref()).await?;
    let row = channels::channel(&mut tx, channel_id).await?.ok_or_else(gone)?;
    commit(tx).await?;
    Ok(Json(row.into()))
}
