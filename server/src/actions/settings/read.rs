//! `GET /api/settings`: every number of the clockwork.

use crate::{actions::Page, caller::Caller, error::ApiResult, http::body::Json};
use ::runs::{Services, settings};
use axum::extract::State;
use db::settings::Setting;
use serde::Serialize;
use utoipa::ToSchema;

/// One number.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SettingView {
    /// Name.
    key: String,
    /// The number, in `unit`.
    value: i32,
    /// ms, s or count.
    unit: String,
    /// What it does.
    meaning: String,
    /// Lowest value it may have.
    lowest: i32,
    /// Highest value it may have.
    highest: i32,
}

impl From<Setting> for SettingView {
    fn from(row: Setting) -> Self {
        Self {
            key: row.key,
            value: row.value,
            unit: row.unit,
            meaning: row.meaning,
            lowest: row.lowest,
            highest: row.highest,
        }
    }
}

/// Lists the settings by name.
#[utoipa::path(get, path = "/api/settings", tag = "settings",
    responses((status = 200, description = "The settings.", body = Page<SettingView>)))]
pub async fn handler(State(services): State<Services>, Caller(claims): Caller) -> ApiResult<Json<Page<SettingView>>> {
    let mut tx = services.begin(&claims).await?;
    Ok(Json(Page::whole(settings::list(&mut tx).await?)))
}
