//! `POST /api/retention/run`: forgets now, or says what would be forgotten.

use crate::{actions::commit, caller::Caller, error::ApiResult, http::body::Json};
use ::runs::{
    Services,
    retention::{self, PreviewRow},
};
use axum::extract::State;
use chrono::{DateTime, Utc};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Whether it is meant.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RetentionRunBody {
    /// Only count what would go.
    #[serde(default)]
    dry_run: bool,
}

/// What would go.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WouldGoView {
    /// logs, events, runs, bulk or alerts.
    kind: String,
    /// Days; null means for ever.
    days: Option<i32>,
    /// What is older goes.
    before: Option<DateTime<Utc>>,
    /// Rows that would go.
    count: i64,
    /// There are more than were counted.
    is_capped: bool,
}

impl From<PreviewRow> for WouldGoView {
    fn from(row: PreviewRow) -> Self {
        Self {
            kind: row.kind,
            days: row.days,
            before: row.before,
            count: row.count,
            is_capped: row.is_capped,
        }
    }
}

/// The run that forgets, and what it would have to forget at this moment.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RetentionRunView {
    /// The run; null when it was only asked what would go.
    run_id: Option<String>,
    /// What goes.
    would_go: Vec<WouldGoView>,
}

/// Applies retention now.
#[utoipa::path(post, path = "/api/retention/run", tag = "retention", request_body = RetentionRunBody,
    responses((status = 200, description = "What would go.", body = RetentionRunView), (status = 202, description = "The run that forgets.", body = RetentionRunView)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Json(body): Json<RetentionRunBody>,
) -> ApiResult<(StatusCode, Json<RetentionRunView>)> {
    let mut tx = services.begin(&claims).await?;
    let would_go = retention::preview(&mut tx).await?.into_iter().map(Into::into).collect();
    if body.dry_run {
        return Ok((StatusCode::OK, Json(RetentionRunView { run_id: None, would_go })));
    }
    let run = retention::run_now(&mut tx, &claims).await?;
    commit(tx).await?;
    let view = RetentionRunView {
        run_id: Some(run.run_id),
        would_go,
    };
    Ok((StatusCode::ACCEPTED, Json(view)))
}
