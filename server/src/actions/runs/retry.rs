//! `POST /runs.retry`: starts an unlucky run again.

use super::create::CreatedView;
use crate::{
    actions::commit,
    caller::Caller,
    error::{ApiResult, Problem},
    http::body::Json,
};
use ::runs::{Services, control};
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;

/// Which run.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RetryBody {
    run_id: String,
}

/// Starts a failed or canceled run again, as a new run with the same content.
#[utoipa::path(post, path = "/runs.retry", tag = "runs", request_body = RetryBody,
    responses((status = 200, description = "The new run.", body = CreatedView),
        (status = 404, description = "No such run.", body = Problem),
        (status = 409, description = "It has not failed and is not canceled.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Json(body): Json<RetryBody>,
) -> ApiResult<Json<CreatedView>> {
    let mut tx = services.begin(&claims).await?;
    let run = control::retry(&mut tx, &body.run_id).await?;
    commit(tx).await?;
    Ok(Json(CreatedView {
        run_id: run.run_id,
        status: run.status,
    }))
}
