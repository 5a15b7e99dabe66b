//! `POST /runs.complete`: ends attempts.

use super::outcome::{Outcomes, write};
use crate::{
    caller::Caller,
    error::{ApiResult, Problem},
    http::body::Json,
};
use ::runs::Services;
use axum::extract::State;
use db::queue::{Completion, Write};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// Runs that ended.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CompletesBody {
    /// One per run.
    #[schema(min_items = 1, max_items = 500)]
    items: Vec<CompleteBody>,
}

/// The end of one attempt.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CompleteBody {
    /// The run.
    run_id: String,
    /// Lease it is held under.
    lease_seq: i64,
    /// How it ended.
    status: EndWord,
    /// Outcome.
    #[schema(value_type = Option<Object>)]
    result: Option<Map<String, Value>>,
    /// `{code, message, hint, step}`: a short text for people.
    #[schema(value_type = Option<Object>)]
    error: Option<Map<String, Value>>,
    /// Another attempt may end better.
    #[serde(default)]
    retryable: bool,
}

/// How an attempt ends.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EndWord {
    /// It did what it should.
    Success,
    /// It did not.
    Failed,
    /// A person wanted it to end.
    Canceled,
}

/// Ends attempts. A retryable failure with attempts left answers `requeued`.
#[utoipa::path(post, path = "/runs.complete", tag = "worker", request_body = CompletesBody,
    responses((status = 200, description = "One answer per item, in order.", body = Outcomes),
        (status = 422, description = "A field does not fit.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    caller: Caller,
    Json(body): Json<CompletesBody>,
) -> ApiResult<Json<Outcomes>> {
    let writes = body.items.into_iter().map(Into::into).collect();
    Ok(Json(write(&services, &caller, writes).await?))
}

impl From<CompleteBody> for Write {
    fn from(body: CompleteBody) -> Self {
        let status = match body.status {
            EndWord::Success => "success",
            EndWord::Failed => "failed",
            EndWord::Canceled => "canceled",
        };
        Self::Complete(Completion {
            run_id: body.run_id,
            lease_seq: body.lease_seq,
            status: status.to_owned(),
            result: body.result.map(Value::Object),
            error: body.error.map(Value::Object),
            retryable: body.retryable,
        })
    }
}
