//! `GET /api/secrets`: the names of secrets.

use crate::{actions::Page, caller::Caller, error::ApiResult, http::body::Json};
use ::runs::{
    Services,
    secrets::{self, SecretRow},
};
use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

/// A secret, without its value.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SecretView {
    /// Name by which templates ask for it.
    name: String,
    /// Made.
    created_at: DateTime<Utc>,
    /// Last changed.
    updated_at: DateTime<Utc>,
    /// By whom.
    updated_by: Option<String>,
}

/// Lists the secrets by name. Nobody can read their values.
#[utoipa::path(get, path = "/api/secrets", tag = "secrets",
    responses((status = 200, description = "The secrets.", body = Page<SecretView>)))]
pub async fn handler(State(services): State<Services>, Caller(claims): Caller) -> ApiResult<Json<Page<SecretView>>> {
    let mut tx = services.begin(&claims).await?;
    Ok(Json(Page::whole(secrets::list(&mut tx).await?)))
}

impl From<SecretRow> for SecretView {
    fn from(row: SecretRow) -> Self {
        Self {
            name: row.name,
            created_at: row.created_at,
            updated_at: row.updated_at,
            updated_by: row.updated_by,
        }
    }
}
