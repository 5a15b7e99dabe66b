//! `PUT /api/retention`: says how long history is kept.

use super::read::RetentionView;
use crate::{
    actions::{Page, commit},
    caller::Caller,
    error::{ApiResult, Problem},
    http::body::Json,
};
use ::runs::{Services, retention};
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

/// Days per kind, the whole of it: what is null or left out is kept for ever. Logs and events cannot be
/// kept longer than their runs.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RetentionBody {
    /// What steps printed.
    #[schema(minimum = 1, maximum = 36500)]
    logs: Option<i32>,
    /// The stories of runs.
    #[schema(minimum = 1, maximum = 36500)]
    events: Option<i32>,
    /// Runs that have ended.
    #[schema(minimum = 1, maximum = 36500)]
    runs: Option<i32>,
    /// Bulk operations that have ended.
    #[schema(minimum = 1, maximum = 36500)]
    bulk: Option<i32>,
    /// Alerts that are over.
    #[schema(minimum = 1, maximum = 36500)]
    alerts: Option<i32>,
}

/// Saves the days. As long as any is set, a daily schedule applies them.
#[utoipa::path(put, path = "/api/retention", tag = "retention", request_body = RetentionBody,
    responses((status = 200, description = "What is kept now.", body = Page<RetentionView>),
        (status = 422, description = "A number does not fit.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Json(body): Json<RetentionBody>,
) -> ApiResult<Json<Page<RetentionView>>> {
    let mut tx = services.begin(&claims).await?;
    let rows = retention::change(&mut tx, &json!(body)).await?;
    commit(tx).await?;
    Ok(Json(Page::whole(rows)))
}
