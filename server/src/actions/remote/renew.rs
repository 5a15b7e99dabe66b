//! `POST /runs.heartbeat`: renews the leases of the runs a worker holds.

use super::outcome::{OutcomeView, Outcomes, counted};
use crate::{
    actions::commit,
    caller::Caller,
    error::{ApiResult, Problem},
    http::body::Json,
};
use ::runs::{Services, remote};
use axum::extract::State;
use db::queue::Beat;
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// Runs that are still worked on.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BeatsBody {
    /// One per run.
    #[schema(min_items = 1, max_items = 500)]
    items: Vec<BeatBody>,
}

/// One run.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BeatBody {
    /// The run.
    run_id: String,
    /// Lease it is held under.
    lease_seq: i64,
    /// `{done, total, message}`, when it changed.
    #[schema(value_type = Option<Object>)]
    progress: Option<Map<String, Value>>,
}

/// Renews leases. `lost` means: stop and discard. `cancel_requested` means: stop, and complete as canceled.
#[utoipa::path(post, path = "/runs.heartbeat", tag = "worker", request_body = BeatsBody,
    responses((status = 200, description = "One answer per run, in order.", body = Outcomes),
        (status = 422, description = "A field does not fit.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Json(body): Json<BeatsBody>,
) -> ApiResult<Json<Outcomes>> {
    let beats: Vec<Beat> = counted(body.items)?.into_iter().map(Into::into).collect();
    let mut tx = services.begin_for_worker(&claims).await?;
    let answers = remote::heartbeat(&mut tx, &beats).await?;
    commit(tx).await?;
    let items = beats.into_iter().zip(answers).map(|(beat, outcome)| OutcomeView {
        run_id: beat.run_id,
        outcome: outcome.into(),
        message: None,
    });
    Ok(Json(Outcomes { items: items.collect() }))
}

impl From<BeatBody> for Beat {
    fn from(body: BeatBody) -> Self {
        Self {
            run_id: body.run_id,
            lease_seq: body.lease_seq,
            progress: body.progress.map(Value::Object),
        }
    }
}
