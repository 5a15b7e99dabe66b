//! `GET /api/bulk/{bulk_id}`: how far an operation has come.

use super::view::BulkView;
use crate::{
    caller::Caller,
    error::{ApiError, ApiResult, Problem},
    http::body::{Json, Path},
};
use ::runs::{Services, bulk};
use axum::extract::State;
use uuid::Uuid;

/// Reads an operation.
#[utoipa::path(get, path = "/api/bulk/{bulk_id}", tag = "bulk", params(("bulk_id" = Uuid, Path)),
    responses((status = 200, description = "The operation.", body = BulkView), (status = 404, description = "No such operation.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Path(bulk_id): Path<Uuid>,
) -> ApiResult<Json<BulkView>> {
    let mut tx = services.begin(&claims).await?;
    let row = bulk::read(&mut tx, bulk_id)
        .await?
        .ok_or_else(|| ApiError::not_found("bulk operation"))?;
    Ok(Json(row.into()))
}
