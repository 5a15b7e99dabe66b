//! `POST /events.append`: what happened, in the words of a worker.

use super::outcome::{Outcomes, write};
use crate::{
    caller::Caller,
    error::{ApiResult, Problem},
    http::body::Json,
};
use ::runs::Services;
use axum::extract::State;
use chrono::{DateTime, Utc};
use db::queue::{NewEvent, Write};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

/// Events of runs.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EventsBody {
    /// One per run.
    #[schema(min_items = 1, max_items = 500)]
    items: Vec<RunEventsBody>,
}

/// Events of one run.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RunEventsBody {
    /// The run.
    run_id: String,
    /// Lease it is held under.
    lease_seq: i64,
    /// The events.
    #[schema(min_items = 1, max_items = 500)]
    events: Vec<EventBody>,
}

/// One thing that happened.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EventBody {
    /// Number inside the lease, given by the worker.
    seq: i64,
    /// Stable word.
    kind: String,
    /// Sentence for people.
    message: String,
    /// Details.
    data: Option<Value>,
    /// When; the time of writing if absent.
    at: Option<DateTime<Utc>>,
}

/// Adds events to the story of runs. Sent again, an event meets its first copy by `seq`.
#[utoipa::path(post, path = "/events.append", tag = "worker", request_body = EventsBody,
    responses((status = 200, description = "One answer per item, in order.", body = Outcomes),
        (status = 422, description = "A field does not fit.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    caller: Caller,
    Json(body): Json<EventsBody>,
) -> ApiResult<Json<Outcomes>> {
    let writes = body.items.into_iter().map(Into::into).collect();
    Ok(Json(write(&services, &caller, writes).await?))
}

impl From<RunEventsBody> for Write {
    fn from(body: RunEventsBody) -> Self {
        let events = body.events.into_iter().map(|event| NewEvent {
            seq: event.seq,
            kind: event.kind,
            message: event.message,
            data: event.data,
            at: event.at,
        });
        Self::Events {
            run_id: body.run_id,
            lease_seq: body.lease_seq,
            events: events.collect(),
        }
    }
}
