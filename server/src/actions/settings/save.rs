//! `PATCH /api/settings`: changes numbers of the clockwork.

use super::read::SettingView;
use crate::{
    actions::{Page, commit},
    caller::Caller,
    error::{ApiResult, Problem},
    http::body::Json,
    state::AppState,
};
use ::runs::settings;
use axum::extract::State;
use std::collections::BTreeMap;

/// Changes settings: all of them or none. Workers and servers read them again within a minute; a lease that
/// is running keeps its length until its next heartbeat.
#[utoipa::path(patch, path = "/api/settings", tag = "settings", request_body = BTreeMap<String, i32>,
    responses((status = 200, description = "Every setting, as it is now.", body = Page<SettingView>),
        (status = 422, description = "No such setting, or a value outside its bounds.", body = Problem)))]
pub async fn handler(
    State(state): State<AppState>,
    Caller(claims): Caller,
    Json(changes): Json<BTreeMap<String, i32>>,
) -> ApiResult<Json<Page<SettingView>>> {
    let mut tx = state.services.begin(&claims).await?;
    settings::save(&mut tx, &changes).await?;
    let now = settings::list(&mut tx).await?;
    commit(tx).await?;
    state.heed(&now);
    Ok(Json(Page::whole(now)))
}
