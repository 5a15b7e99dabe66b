//! `POST /api/alert-channels`: a new webhook that hears of alerts.

use super::view::{ChannelBody, ChannelView};
use crate::{
    actions::commit,
    caller::Caller,
    error::{ApiError, ApiResult, Problem},
    http::body::Json,
};
use ::runs::{Services, alerts::channels};
use axum::extract::State;
use http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

/// A new channel, with the secret that nobody will see again.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct NewChannelView {
    /// The channel.
    #[serde(flatten)]
    channel: ChannelView,
    /// Signs its messages.
    secret: String,
}

/// Makes a channel.
#[utoipa::path(post, path = "/api/alert-channels", tag = "alerts", request_body = ChannelBody,
    responses((status = 201, description = "The channel and its secret.", body = NewChannelView),
        (status = 409, description = "The name is taken.", body = Problem),
        (status = 422, description = "Something does not fit.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Json(body): Json<ChannelBody>,
) -> ApiResult<(StatusCode, Json<NewChannelView>)> {
    channels::reachable(services.network(), body.url()).await?;
    let secret = body.secret.clone().unwrap_or_else(channels::random_secret);
    let channel_id = channels::new_id();
    let mut tx = services.begin(&claims).await?;
    channels::save(&mut tx, services.key(), channel_id, body.spec(None), Some(&secret)).await?;
    let row = channels::channel(&mut tx, channel_id)
        .await?
        .ok_or_else(|| ApiError::not_found("channel"))?;
    commit(tx).await?;
    let view = NewChannelView {
        channel: row.into(),
        secret,
    };
    Ok((StatusCode::CREATED, Json(view)))
}
