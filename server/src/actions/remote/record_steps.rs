//! `POST /steps.record`: how the steps of runs go.

use super::outcome::{Outcomes, write};
use crate::{
    caller::Caller,
    error::{ApiResult, Problem},
    http::body::Json,
};
use ::runs::Services;
use axum::extract::State;
use chrono::{DateTime, Utc};
use db::queue::{NewStep, Write};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

/// States of steps.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StepsBody {
    /// One per step.
    #[schema(min_items = 1, max_items = 500)]
    items: Vec<StepBody>,
}

/// The state of one step.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StepBody {
    /// The run.
    run_id: String,
    /// Lease it is held under.
    lease_seq: i64,
    /// Id in the template.
    step: String,
    /// Place in the template, from 0.
    #[schema(minimum = 0)]
    position: i32,
    /// What people call it; the id when left out.
    title: Option<String>,
    /// Step kind.
    kind: String,
    /// Its state.
    status: StepWord,
    /// Try inside the attempt, from 1.
    #[serde(rename = "try")]
    #[schema(minimum = 1)]
    try_number: Option<i32>,
    /// Began.
    started_at: Option<DateTime<Utc>>,
    /// Ended.
    finished_at: Option<DateTime<Utc>>,
    /// What later steps may read; kept for the next attempt when the step succeeded.
    output: Option<Value>,
    /// `{code, message}`: why it failed.
    error: Option<Value>,
}

/// The state of a step.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StepWord {
    /// Works.
    Running,
    /// Did what it should.
    Success,
    /// Did not.
    Failed,
    /// Its condition said no.
    Skipped,
    /// A person wanted it to end.
    Canceled,
}

/// Records states of steps. Written again, a step replaces what the same lease wrote before.
#[utoipa::path(post, path = "/steps.record", tag = "worker", request_body = StepsBody,
    responses((status = 200, description = "One answer per item, in order.", body = Outcomes),
        (status = 422, description = "A field does not fit.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    caller: Caller,
    Json(body): Json<StepsBody>,
) -> ApiResult<Json<Outcomes>> {
    let writes = body.items.into_iter().map(Into::into).collect();
    Ok(Json(write(&services, &caller, writes).await?))
}

impl From<StepBody> for Write {
    fn from(body: StepBody) -> Self {
        let status = match body.status {
            StepWord::Running => "running",
            StepWord::Success => "success",
            StepWord::Failed => "failed",
            StepWord::Skipped => "skipped",
            StepWord::Canceled => "canceled",
        };
        Self::Step {
            run_id: body.run_id,
            lease_seq: body.lease_seq,
            step: NewStep {
                title: body.title.unwrap_or_else(|| body.step.clone()),
                step: body.step,
                position: body.position,
                kind: body.kind,
                status: status.to_owned(),
                try_number: body.try_number.unwrap_or(1),
                started_at: body.started_at,
                finished_at: body.finished_at,
                output: body.output,
                error: body.error,
            },
        }
    }
}
