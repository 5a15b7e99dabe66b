//! `POST /runs.suspend`: lets a run wait without a slot.

use super::outcome::{Outcome, OutcomeView};
use crate::{
    actions::commit,
    caller::Caller,
    error::{ApiResult, Problem},
    http::body::Json,
};
use ::runs::{Services, remote};
use axum::extract::State;
use chrono::{DateTime, Utc};
use db::queue::Wait;
use domain::{OnTimeout, Role, WaitKind};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// Which run waits, at which step, for what.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SuspendBody {
    /// The run.
    run_id: String,
    /// Lease it is held under.
    lease_seq: i64,
    /// Step that waits.
    step: String,
    /// approval, callback, timer or run.
    #[schema(value_type = String)]
    kind: WaitKind,
    /// Lowest role that may approve: viewer, planner, operator or admin.
    #[schema(value_type = Option<String>)]
    role: Option<Role>,
    /// What is asked, for people.
    message: Option<String>,
    /// When it ends by itself.
    due_at: Option<DateTime<Utc>>,
    /// The same, counted from now; a year at most.
    #[schema(minimum = 0, maximum = 31_536_000)]
    timeout_seconds: Option<f64>,
    /// What the end of the time decides: approve, reject or fail.
    #[schema(value_type = Option<String>)]
    on_timeout: Option<OnTimeout>,
    /// What the kind needs to know, such as the `run_id` that is waited for.
    #[schema(value_type = Option<Object>)]
    data: Option<Map<String, Value>>,
}

/// Lets a held run wait. It comes back with a new lease; steps that were recorded as done are not run again.
#[utoipa::path(post, path = "/runs.suspend", tag = "worker", request_body = SuspendBody,
    responses((status = 200, description = "It waits, or it was lost before.", body = OutcomeView),
        (status = 422, description = "A field does not fit.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Json(body): Json<SuspendBody>,
) -> ApiResult<Json<OutcomeView>> {
    let wait = Wait {
        role: body.role,
        message: body.message,
        due_at: body.due_at,
        timeout_seconds: body.timeout_seconds,
        on_timeout: body.on_timeout,
        data: body.data.map(Value::Object),
        ..Wait::new(body.kind)
    };
    let mut tx = services.begin_for_worker(&claims).await?;
    let waits = remote::suspend(&mut tx, &body.run_id, body.lease_seq, &body.step, &wait).await?;
    commit(tx).await?;
    Ok(Json(OutcomeView {
        run_id: body.run_id,
        outcome: if waits { Outcome::Ok } else { Outcome::Lost },
        message: None,
    }))
}
