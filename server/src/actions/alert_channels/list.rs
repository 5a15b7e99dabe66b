//! `GET /api/alert-channels`: every channel.

use super::view::ChannelView;
use crate::{actions::Page, caller::Caller, error::ApiResult, http::body::Json};
use ::runs::{Services, alerts::channels};
use axum::extract::State;

/// Lists the channels.
#[utoipa::path(get, path = "/api/alert-channels", tag = "alerts",
    responses((status = 200, description = "Channels by name.", body = Page<ChannelView>)))]
pub async fn handler(State(services): State<Services>, Caller(claims): Caller) -> ApiResult<Json<Page<ChannelView>>> {
    let mut tx = services.begin(&claims).await?;
    Ok(Json(Page::whole(channels::list(&mut tx).await?)))
}
