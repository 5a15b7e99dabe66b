//! `POST /runs.callback/{token}`: a program outside answers the step that waits for it.

use super::resume::OutcomeBody;
use crate::{
    actions::commit,
    error::{ApiResult, Problem},
    http::body::{Json, Path},
};
use ::runs::{Services, control};
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

/// The run that heard the answer.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AnsweredView {
    /// The run.
    run_id: String,
    /// Its status now.
    status: String,
}

/// Answers a callback, once; the token is the permission. The same answer again is the same.
#[utoipa::path(post, path = "/runs.callback/{token}", tag = "runs", request_body = OutcomeBody,
    params(("token" = String, Path, description = "From the header Runboard-Callback-Token of the request.")),
    security(()),
    responses((status = 200, description = "The answer was heard.", body = AnsweredView),
        (status = 404, description = "Nobody waits for this callback.", body = Problem),
        (status = 409, description = "It was answered differently before, or the run has ended.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Path(token): Path<String>,
    Json(body): Json<OutcomeBody>,
) -> ApiResult<Json<AnsweredView>> {
    let mut tx = db::pool::begin(services.pool()).await?;
    let answered = control::answer_callback(&mut tx, &token, &body.into_json()).await?;
    commit(tx).await?;
    Ok(Json(AnsweredView {
        run_id: answered.run_id,
        status: answered.status,
    }))
}
