//! `POST /api/bulk`: does one verb to many runs.

use super::{body::BulkBody, view::BulkView};
use crate::{
    actions::commit,
    caller::Caller,
    error::{ApiError, ApiResult, Problem},
    http::body::Json,
};
use ::runs::{Services, bulk};
use axum::extract::State;
use http::{HeaderMap, StatusCode};

/// Freezes the list and starts the run that works through it, each item in the name of the caller.
#[utoipa::path(post, path = "/api/bulk", tag = "bulk", request_body = BulkBody,
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key and body answer with the same operation.")),
    responses((status = 201, description = "The operation.", body = BulkView), (status = 200, description = "The one this key named before.", body = BulkView),
        (status = 409, description = "The count is another by now, or the key named another wish.", body = Problem),
        (status = 422, description = "Something does not fit.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    headers: HeaderMap,
    Json(body): Json<BulkBody>,
) -> ApiResult<(StatusCode, Json<BulkView>)> {
    let key = match headers.get("idempotency-key").map(|key| key.to_str()) {
        None => None,
        Some(Ok(key)) if (1..=200).contains(&key.len()) => Some(key.to_owned()),
        Some(_) => {
            return Err(ApiError::invalid(
                "Idempotency-Key",
                "A key has 1 to 200 plain letters.",
            ));
        }
    };
    let wish = body.into_wish(&services, &claims, key)?;
    let mut tx = services.begin(&claims).await?;
    let created = bulk::create(&mut tx, &wish).await?;
    let row = bulk::read(&mut tx, created.bulk_id)
        .await?
        .ok_or_else(|| ApiError::not_found("bulk operation"))?;
    commit(tx).await?;
    let status = if created.created {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    Ok((status, Json(row.into())))
}
