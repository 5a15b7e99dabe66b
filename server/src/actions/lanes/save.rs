//! `PUT /api/lanes/{name}`: makes or edits a lane.

use crate::{
    actions::commit,
    caller::Caller,
    error::{ApiResult, Problem},
    http::body::{Json, Path},
};
use ::runs::{
    Services,
    control::{self, LaneSpec},
};
use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The whole lane: what is left out is what a new lane has.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LaneBody {
    /// The version this edit was made from; left out, a new lane is meant.
    version: Option<i64>,
    /// One word.
    #[schema(min_length = 1, max_length = 100)]
    title: String,
    /// What it is for.
    #[schema(max_length = 1000)]
    purpose: Option<String>,
    /// Place on the board; last when left out.
    position: Option<i32>,
    /// Runs that may run at once in the whole fleet; null means no limit.
    #[schema(minimum = 1, maximum = 100_000)]
    max_running: Option<i32>,
    /// Runs with one concurrency key that may run at once; 1 when left out.
    #[schema(minimum = 1, maximum = 100_000)]
    max_per_key: Option<i32>,
    /// Claims per `rate_seconds` in the whole fleet; null means no limit.
    #[schema(minimum = 1, maximum = 1_000_000)]
    rate_limit: Option<i32>,
    /// The time that `rate_limit` is about.
    #[schema(minimum = 1, maximum = 86_400)]
    rate_seconds: Option<i32>,
    /// A queued run rises one point of priority per so many seconds; null means never.
    #[schema(minimum = 1, maximum = 86_400)]
    aging_seconds: Option<i32>,
}

/// What was saved.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SavedLaneView {
    /// Its name.
    name: String,
    /// Its version now.
    version: i64,
}

impl From<LaneBody> for LaneSpec {
    fn from(body: LaneBody) -> Self {
        Self {
            title: body.title,
            purpose: body.purpose,
            position: body.position,
            max_running: body.max_running,
            max_per_key: body.max_per_key,
            rate_limit: body.rate_limit,
            rate_seconds: body.rate_seconds,
            aging_seconds: body.aging_seconds,
        }
    }
}

/// Makes a lane, or edits the version that was read.
#[utoipa::path(put, path = "/api/lanes/{name}", tag = "lanes", params(("name" = String, Path)), request_body = LaneBody,
    responses((status = 200, description = "It was edited.", body = SavedLaneView),
        (status = 201, description = "It was made.", body = SavedLaneView),
        (status = 409, description = "Somebody else edited it meanwhile.", body = Problem),
        (status = 422, description = "A field does not fit.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Path(name): Path<String>,
    Json(body): Json<LaneBody>,
) -> ApiResult<(StatusCode, Json<SavedLaneView>)> {
    let version = body.version;
    let mut tx = services.begin(&claims).await?;
    let saved = control::save_lane(&mut tx, &name, &body.into(), version).await?;
    commit(tx).await?;
    let status = if saved.created {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    let view = SavedLaneView {
        name: saved.name,
        version: saved.version,
    };
    Ok((status, Json(view)))
}
