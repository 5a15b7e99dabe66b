//! `POST /runs.release`: gives runs back in an orderly stop.

use super::outcome::{Outcome, OutcomeView, Outcomes, counted};
use crate::{
    actions::commit,
    caller::Caller,
    error::{ApiResult, Problem},
    http::body::Json,
};
use ::runs::{Services, remote};
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;

/// Runs to give back.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReleasesBody {
    /// One per run.
    #[schema(min_items = 1, max_items = 500)]
    items: Vec<LeaseBody>,
}

/// One run and the lease it is held under.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LeaseBody {
    /// The run.
    pub run_id: String,
    /// Lease it is held under.
    pub lease_seq: i64,
}

/// Gives runs back to their lanes; the try does not count.
#[utoipa::path(post, path = "/runs.release", tag = "worker", request_body = ReleasesBody,
    responses((status = 200, description = "One answer per run, in order.", body = Outcomes),
        (status = 422, description = "A field does not fit.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Json(body): Json<ReleasesBody>,
) -> ApiResult<Json<Outcomes>> {
    let mut items = Vec::new();
    let mut tx = services.begin_for_worker(&claims).await?;
    for item in counted(body.items)? {
        let is_held = remote::release(&mut tx, &item.run_id, item.lease_seq).await?;
        items.push(OutcomeView {
            run_id: item.run_id,
            outcome: if is_held { Outcome::Ok } else { Outcome::Lost },
            message: None,
        });
    }
    commit(tx).await?;
    Ok(Json(Outcomes { items }))
}
