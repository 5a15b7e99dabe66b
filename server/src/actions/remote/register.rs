//! `POST /workers.register`: begins the life of a worker.

use crate::{
    actions::commit,
    caller::Caller,
    error::{ApiError, ApiResult, Problem},
    http::body::Json,
};
use ::runs::{
    Services,
    remote::{self, WorkerSpec},
};
use axum::extract::State;
use domain::LaneName;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// What a worker says of itself.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterBody {
    /// Name, for people.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// Host.
    host: Option<String>,
    /// Process id there.
    pid: Option<i32>,
    /// Version of the program.
    version: Option<String>,
    /// Lanes it serves.
    #[schema(value_type = Vec<String>, min_items = 1)]
    lanes: Vec<LaneName>,
    /// Step kinds it serves: a run is given only to a worker that serves the kind of every step.
    #[schema(min_items = 1)]
    kinds: Vec<String>,
    /// Runs it may hold at once.
    #[schema(minimum = 1, maximum = 10_000)]
    slots: i32,
}

/// A worker's identity and pace.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RegisteredView {
    /// Id of this process life; a worker that starts again registers again.
    worker_id: Uuid,
    /// A run whose worker is silent for so long is given to another.
    lease_ms: i32,
    /// How often to renew.
    heartbeat_ms: i32,
}

/// Registers a worker. It belongs to the token that registers it.
#[utoipa::path(post, path = "/workers.register", tag = "worker", request_body = RegisterBody,
    responses((status = 201, description = "It may claim.", body = RegisteredView),
        (status = 422, description = "A field does not fit.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Json(body): Json<RegisterBody>,
) -> ApiResult<(StatusCode, Json<RegisteredView>)> {
    let empty = [
        ("name", body.name.trim().is_empty()),
        ("lanes", body.lanes.is_empty()),
        ("kinds", body.kinds.is_empty()),
    ];
    if let Some((field, _)) = empty.into_iter().find(|(_, is_empty)| *is_empty) {
        return Err(ApiError::invalid(field, "It must not be empty."));
    }
    let spec = WorkerSpec {
        name: body.name,
        host: body.host.unwrap_or_else(|| "unknown".to_owned()),
        pid: body.pid.unwrap_or_default(),
        version: body.version.unwrap_or_else(|| "unknown".to_owned()),
        lanes: body.lanes.into_iter().map(Into::into).collect(),
        kinds: body.kinds,
        slots: body.slots,
    };
    let mut tx = services.begin_for_worker(&claims).await?;
    let worker_id = remote::register_worker(&mut tx, &spec).await?;
    let pace = remote::clockwork(&mut tx).await?;
    commit(tx).await?;
    let view = RegisteredView {
        worker_id,
        lease_ms: pace.lease_ms,
        heartbeat_ms: pace.heartbeat_ms,
    };
    Ok((StatusCode::CREATED, Json(view)))
}
