//! `POST /api/schedules/preview`: the next times of a cron that nobody has saved yet.

use crate::{
    caller::Caller,
    error::{ApiError, ApiResult, Problem},
    http::body::Json,
};
use ::runs::{Services, schedules};
use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

const MOST: i64 = 100;

/// A cron and its zone.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PreviewBody {
    /// Minute, hour, day of month, month, day of week.
    #[schema(example = "0 8 * * 1-5")]
    cron: String,
    /// IANA name of a zone; UTC when left out.
    #[schema(example = "Europe/Paris")]
    zone: Option<String>,
    /// Times to show, 5 when left out, 100 at most.
    #[schema(minimum = 1, maximum = 100)]
    count: Option<i64>,
}

/// When something would be due.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct NextView {
    /// Its zone.
    zone: String,
    /// The next times, soonest first.
    times: Vec<DateTime<Utc>>,
}

impl NextView {
    /// Times meant in `zone`.
    pub fn new(times: Vec<DateTime<Utc>>, zone: &str) -> Self {
        Self {
            zone: zone.to_owned(),
            times,
        }
    }
}

/// How many times are shown.
pub fn count(asked: Option<i64>) -> ApiResult<usize> {
    let count = asked.unwrap_or(5);
    if (1..=MOST).contains(&count) {
        Ok(count as usize)
    } else {
        Err(ApiError::invalid("count", format!("A preview has 1 to {MOST} times.")))
    }
}

/// Shows when a cron would be due, or says what is wrong with it.
#[utoipa::path(post, path = "/api/schedules/preview", tag = "schedules", request_body = PreviewBody,
    responses((status = 200, description = "The next times.", body = NextView),
        (status = 422, description = "It is no cron, or there is no such zone.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Json(body): Json<PreviewBody>,
) -> ApiResult<Json<NextView>> {
    let count = count(body.count)?;
    let zone = body.zone.unwrap_or_else(|| "UTC".to_owned());
    let mut tx = services.begin(&claims).await?;
    let times = schedules::preview(&mut tx, &body.cron, &zone, count).await?;
    Ok(Json(NextView::new(times, &zone)))
}
