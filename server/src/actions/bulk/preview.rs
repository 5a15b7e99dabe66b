//! `POST /api/bulk/preview`: what a bulk operation would touch.

use super::body::BulkBody;
use crate::{
    actions::runs::view::RunView,
    caller::Caller,
    error::{ApiResult, Problem},
    http::body::Json,
};
use ::runs::{Services, bulk};
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

/// What it would touch.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PreviewView {
    /// How many runs; give it as `expected_count`.
    count: i64,
    /// There are more than one operation may take: narrow the filter.
    is_too_many: bool,
    /// The newest of them.
    sample: Vec<RunView>,
}

/// Counts the runs and shows some; changes nothing.
#[utoipa::path(post, path = "/api/bulk/preview", tag = "bulk", request_body = BulkBody,
    responses((status = 200, description = "What it would touch.", body = PreviewView),
        (status = 422, description = "The filter does not fit.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Json(body): Json<BulkBody>,
) -> ApiResult<Json<PreviewView>> {
    let selection = body.selection(&services, &claims)?;
    let mut tx = services.begin(&claims).await?;
    let preview = bulk::preview(&mut tx, &selection).await?;
    Ok(Json(PreviewView {
        count: preview.count,
        is_too_many: preview.is_too_many,
        sample: preview.sample.into_iter().map(Into::into).collect(),
    }))
}
