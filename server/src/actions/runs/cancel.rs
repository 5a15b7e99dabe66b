//! `POST /runs.cancel`: ends a run before its end.

use crate::{
    actions::commit,
    caller::Caller,
    error::{ApiResult, Problem},
    http::body::Json,
};
use ::runs::{Services, control};
use axum::extract::State;
use db::queue::CancelOutcome;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Which run, and why.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelBody {
    run_id: String,
    /// Shown in its events.
    reason: Option<String>,
    /// Ends a run whose worker has not obeyed within the grace time.
    #[serde(default)]
    force: bool,
}

/// What the request did.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CanceledView {
    /// The run.
    run_id: String,
    /// Its status now.
    status: String,
    /// canceled, requested or already_final.
    outcome: &'static str,
}

/// Cancels a run: at once while it waits, through its worker while it runs.
#[utoipa::path(post, path = "/runs.cancel", tag = "runs", request_body = CancelBody,
    responses((status = 200, description = "What the request did.", body = CanceledView),
        (status = 404, description = "No such run.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Json(body): Json<CancelBody>,
) -> ApiResult<Json<CanceledView>> {
    let mut tx = services.begin(&claims).await?;
    let canceled = control::cancel(&mut tx, &body.run_id, body.reason.as_deref(), body.force).await?;
    commit(tx).await?;
    Ok(Json(CanceledView {
        run_id: canceled.run_id,
        status: canceled.status,
        outcome: match canceled.outcome {
            CancelOutcome::Canceled => "canceled",
            CancelOutcome::Requested => "requested",
            CancelOutcome::AlreadyFinal => "already_final",
        },
    }))
}
