//! `PATCH /api/alert-rules/{kind}`: changes when a rule opens an alert.

use crate::{
    actions::commit,
    caller::Caller,
    error::{ApiResult, Problem},
    http::body::{Json, Path},
};
use ::runs::{Services, alerts};
use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

/// What should be different.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RuleChanges {
    /// Whether it opens anything.
    #[serde(skip_serializing_if = "Option::is_none")]
    enabled: Option<bool>,
    /// info, warning or critical.
    #[serde(skip_serializing_if = "Option::is_none")]
    severity: Option<String>,
    /// From which number on, in the unit of the rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1)]
    threshold: Option<i32>,
    /// Over which time it looks.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 604_800)]
    window_seconds: Option<i32>,
}

/// Changes a rule.
#[utoipa::path(patch, path = "/api/alert-rules/{kind}", tag = "alerts", params(("kind" = String, Path)), request_body = RuleChanges,
    responses((status = 204, description = "It is changed."), (status = 404, description = "No such rule.", body = Problem),
        (status = 422, description = "A number does not fit.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Path(kind): Path<String>,
    Json(changes): Json<RuleChanges>,
) -> ApiResult<StatusCode> {
    let mut tx = services.begin(&claims).await?;
    alerts::save_rule(&mut tx, &kind, &json!(changes)).await?;
    commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}
