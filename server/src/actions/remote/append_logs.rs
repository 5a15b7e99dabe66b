//! `POST /logs.append`: lines that steps printed.

use super::outcome::{Outcomes, write};
use crate::{
    caller::Caller,
    error::{ApiResult, Problem},
    http::body::Json,
};
use ::runs::Services;
use axum::extract::State;
use chrono::{DateTime, Utc};
use db::queue::Write;
use serde::Deserialize;
use utoipa::ToSchema;

/// Chunks of logs.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LogsBody {
    /// One per chunk.
    #[schema(min_items = 1, max_items = 500)]
    items: Vec<LogBody>,
}

/// One chunk.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LogBody {
    /// The run.
    run_id: String,
    /// Lease it is held under.
    lease_seq: i64,
    /// Step that printed it.
    step: String,
    /// Number of the chunk inside the lease, from 1, given by the worker.
    #[schema(minimum = 0)]
    seq: i32,
    /// The lines, newline-separated, without a newline at the end.
    #[schema(max_length = 65_536)]
    lines: String,
    /// When the first line was printed.
    at: Option<DateTime<Utc>>,
}

/// Adds lines to the logs of runs. Sent again, a chunk meets its first copy by `seq`.
#[utoipa::path(post, path = "/logs.append", tag = "worker", request_body = LogsBody,
    responses((status = 200, description = "One answer per item, in order.", body = Outcomes),
        (status = 422, description = "A field does not fit.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    caller: Caller,
    Json(body): Json<LogsBody>,
) -> ApiResult<Json<Outcomes>> {
    let writes = body.items.into_iter().map(Into::into).collect();
    Ok(Json(write(&services, &caller, writes).await?))
}

impl From<LogBody> for Write {
    fn from(body: LogBody) -> Self {
        Self::Log {
            run_id: body.run_id,
            lease_seq: body.lease_seq,
            step: body.step,
            seq: body.seq,
            lines: body.lines,
            at: body.at,
            offsets_ms: None,
            streams: None,
        }
    }
}
