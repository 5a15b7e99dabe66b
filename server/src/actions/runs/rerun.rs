//! `POST /runs.rerun`: starts a run again, with changes or from one of its steps.

use super::create::CreatedView;
use crate::{
    actions::commit,
    caller::Caller,
    error::{ApiResult, Problem},
    http::body::Json,
};
use ::runs::{Services, control};
use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// Which run, and what should be different.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RerunBody {
    run_id: String,
    /// Fields of the body of `/runs.create` that replace those of the run.
    #[serde(default)]
    #[schema(value_type = Object)]
    changes: Map<String, Value>,
    /// Keeps what the steps before this one left.
    from_step: Option<String>,
}

/// Starts a run again as a new run.
#[utoipa::path(post, path = "/runs.rerun", tag = "runs", request_body = RerunBody,
    responses((status = 201, description = "The new run.", body = CreatedView),
        (status = 404, description = "No such run.", body = Problem),
        (status = 422, description = "A change does not fit.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Json(body): Json<RerunBody>,
) -> ApiResult<(StatusCode, Json<CreatedView>)> {
    let mut tx = services.begin(&claims).await?;
    let run = control::rerun(
        &mut tx,
        &body.run_id,
        &Value::Object(body.changes),
        body.from_step.as_deref(),
    )
    .await?;
    commit(tx).await?;
    Ok((
        StatusCode::CREATED,
        Json(CreatedView {
            run_id: run.run_id,
            status: run.status,
        }),
    ))
}
