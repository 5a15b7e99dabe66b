//! `POST /runs.resume`: ends a wait with an outcome.

use crate::{
    actions::commit,
    caller::Caller,
    error::{ApiResult, Problem},
    http::body::Json,
};
use ::runs::{Services, control};
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

/// Which run, and what came of what it waited for.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResumeBody {
    run_id: String,
    /// What came of it; left out, it went well.
    #[serde(default)]
    outcome: OutcomeBody,
}

/// What came of what a run waited for.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OutcomeBody {
    /// How it went; well when left out.
    status: Option<OutcomeWord>,
    /// Becomes the output of the step.
    #[schema(value_type = Option<Object>)]
    output: Option<Value>,
    /// Why it failed: `{code?, message?, hint?}`.
    error: Option<OutcomeError>,
}

/// How it went.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OutcomeWord {
    /// Well.
    Success,
    /// Badly: the step fails.
    Failed,
}

/// Why it failed.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OutcomeError {
    /// Stable word.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(pattern = "^[a-z][a-z0-9_]{0,62}$")]
    code: Option<String>,
    /// What happened.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
}

impl OutcomeBody {
    /// As the SQL functions take it: only what was said.
    pub(super) fn into_json(self) -> Value {
        let mut outcome = json!({});
        if let Some(status) = self.status {
            outcome["status"] = json!(status);
        }
        if let Some(output) = self.output {
            outcome["output"] = output;
        }
        if let Some(error) = self.error {
            outcome["error"] = json!(error);
        }
        outcome
    }
}

/// What became of the wait.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ResumedView {
    /// The run.
    run_id: String,
    /// Its status now.
    status: String,
    /// This request ended the wait, not an earlier one like it.
    resumed: bool,
}

/// Ends the wait of a run for a callback, a time or another run. Approvals are decided, not resumed.
#[utoipa::path(post, path = "/runs.resume", tag = "runs", request_body = ResumeBody,
    responses((status = 200, description = "The run goes on.", body = ResumedView),
        (status = 404, description = "No such run.", body = Problem),
        (status = 409, description = "The run does not wait, or waits for a decision.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Json(body): Json<ResumeBody>,
) -> ApiResult<Json<ResumedView>> {
    let mut tx = services.begin(&claims).await?;
    let resumed = control::resume(&mut tx, &body.run_id, &body.outcome.into_json()).await?;
    commit(tx).await?;
    Ok(Json(ResumedView {
        run_id: resumed.run_id,
        status: resumed.status,
        resumed: resumed.resumed,
    }))
}
