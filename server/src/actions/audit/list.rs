//! `GET /api/audit`: acts of people, newest first.

use crate::{
    actions::Page,
    caller::Caller,
    error::{ApiError, ApiResult, Problem},
    http::body::{Json, Query},
};
use ::runs::{Services, audit};
use axum::extract::State;
use chrono::{DateTime, Utc};
use db::audit::{AuditFilter, AuditRow};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

const MOST: i64 = 500;

/// Which acts.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AuditQuery {
    /// Who, exactly.
    actor: Option<String>,
    /// What was done, such as `cancel_run`.
    verb: Option<String>,
    /// To what kind of thing, such as `run`.
    object_kind: Option<String>,
    /// To which one.
    object_id: Option<String>,
    /// At or after.
    from: Option<DateTime<Utc>>,
    /// Before.
    to: Option<DateTime<Utc>>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Acts per page, 100 when left out.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<i64>,
}

/// One act.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AuditView {
    /// Grows with every act.
    pub audit_id: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub actor: String,
    /// With which role.
    pub role: String,
    /// How they came in.
    pub via: String,
    /// What they did.
    pub verb: String,
    /// To what kind of thing.
    pub object_kind: String,
    /// To which one.
    pub object_id: String,
    /// Details.
    #[schema(value_type = Option<Object>)]
    pub detail: Option<Value>,
}

impl From<AuditRow> for AuditView {
    fn from(row: AuditRow) -> Self {
        Self {
            audit_id: row.audit_id,
            at: row.at,
            actor: row.actor,
            role: row.role,
            via: row.via,
            verb: row.verb,
            object_kind: row.object_kind,
            object_id: row.object_id,
            detail: row.detail,
        }
    }
}

impl AuditQuery {
    fn filter(self) -> ApiResult<AuditFilter> {
        let before = self.cursor.map(|cursor| cursor.parse()).transpose();
        Ok(AuditFilter {
            actor: self.actor,
            verb: self.verb,
            object_kind: self.object_kind,
            object_id: self.object_id,
            from: self.from,
            to: self.to,
            before: before.map_err(|_| ApiError::invalid("cursor", "It is not a cursor of this list."))?,
        })
    }
}

/// Lists acts.
#[utoipa::path(get, path = "/api/audit", tag = "audit", params(AuditQuery),
    responses((status = 200, description = "Acts, newest first.", body = Page<AuditView>),
        (status = 422, description = "The query does not fit.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Query(query): Query<AuditQuery>,
) -> ApiResult<Json<Page<AuditView>>> {
    let limit = query.limit.unwrap_or(100);
    if !(1..=MOST).contains(&limit) {
        return Err(ApiError::invalid("limit", format!("It is 1 to {MOST}.")));
    }
    let filter = query.filter()?;
    let mut tx = services.begin(&claims).await?;
    let rows = audit::list(&mut tx, &filter, limit).await?;
    let is_full = i64::try_from(rows.len()).is_ok_and(|count| count == limit);
    let next_cursor = rows.last().filter(|_| is_full).map(|row| row.audit_id.to_string());
    let items = rows.into_iter().map(Into::into).collect();
    Ok(Json(Page { items, next_cursor }))
}
