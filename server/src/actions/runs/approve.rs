//! `POST /runs.approve`: decides about the step at which a run waits.

use crate::{
    actions::commit,
    caller::Caller,
    error::{ApiResult, Problem},
    http::body::Json,
};
use ::runs::{Services, control};
use axum::extract::State;
use chrono::{DateTime, Utc};
use domain::Decision;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What is decided, about which step of which run.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApproveBody {
    run_id: String,
    /// Id of the step that waits.
    step: String,
    decision: DecisionWord,
    /// Shown beside the decision.
    #[schema(max_length = 2000)]
    note: Option<String>,
}

/// A decision.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DecisionWord {
    /// The run goes on.
    Approve,
    /// The step fails.
    Reject,
}

impl From<DecisionWord> for Decision {
    fn from(word: DecisionWord) -> Self {
        match word {
            DecisionWord::Approve => Self::Approve,
            DecisionWord::Reject => Self::Reject,
        }
    }
}

/// The decision that stands.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DecidedView {
    /// The run.
    run_id: String,
    /// Its step.
    step: String,
    /// approve or reject.
    decision: &'static str,
    /// By whom; null when the end of the time decided.
    by: Option<String>,
    /// When.
    decided_at: DateTime<Utc>,
    /// Status of the run now.
    status: String,
}

/// Approves or rejects. The wait names the lowest role that may; the same decision again is the same answer.
#[utoipa::path(post, path = "/runs.approve", tag = "runs", request_body = ApproveBody,
    responses((status = 200, description = "The decision that stands.", body = DecidedView),
        (status = 403, description = "The wait asks for a higher role.", body = Problem),
        (status = 404, description = "No such run.", body = Problem),
        (status = 409, description = "The step does not wait, or the opposite was decided.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Json(body): Json<ApproveBody>,
) -> ApiResult<Json<DecidedView>> {
    let mut tx = services.begin(&claims).await?;
    let decided = control::approve(
        &mut tx,
        &body.run_id,
        &body.step,
        body.decision.into(),
        body.note.as_deref(),
    )
    .await?;
    commit(tx).await?;
    Ok(Json(DecidedView {
        run_id: decided.run_id,
        step: decided.step,
        decision: decided.decision.as_str(),
        by: decided.by,
        decided_at: decided.decided_at,
        status: decided.status,
    }))
}
