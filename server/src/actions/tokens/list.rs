//! `GET /api/tokens`: every token, without what would let its reader in.

use crate::{actions::Page, caller::Caller, error::ApiResult, http::body::Json};
use ::runs::{
    Services,
    access::{self, TokenRow},
};
use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A token as lists show it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TokenView {
    /// Id, to rotate and revoke it by.
    pub token_id: Uuid,
    /// What people call it.
    pub name: String,
    /// Its first characters.
    pub prefix: String,
    /// Role.
    pub role: String,
    /// Actions it is limited to.
    pub actions: Option<Vec<String>>,
    /// Spreadsheets it is limited to.
    pub spreadsheets: Option<Vec<String>>,
    /// Who issued it.
    pub created_by: Option<String>,
    /// Issued.
    pub created_at: DateTime<Utc>,
    /// Of no use after.
    pub expires_at: Option<DateTime<Utc>>,
    /// Taken back.
    pub revoked_at: Option<DateTime<Utc>>,
    /// Last used, to the minute.
    pub last_used_at: Option<DateTime<Utc>>,
}

impl From<TokenRow> for TokenView {
    fn from(row: TokenRow) -> Self {
        Self {
            token_id: row.token_id,
            name: row.name,
            prefix: row.prefix,
            role: row.role,
            actions: row.actions,
            spreadsheets: row.spreadsheets,
            created_by: row.created_by,
            created_at: row.created_at,
            expires_at: row.expires_at,
            revoked_at: row.revoked_at,
            last_used_at: row.last_used_at,
        }
    }
}

/// Lists the tokens, newest first.
#[utoipa::path(get, path = "/api/tokens", tag = "access",
    responses((status = 200, description = "The tokens.", body = Page<TokenView>)))]
pub async fn handler(State(services): State<Services>, Caller(claims): Caller) -> ApiResult<Json<Page<TokenView>>> {
    let mut tx = services.begin(&claims).await?;
    Ok(Json(Page::whole(access::tokens(&mut tx).await?)))
}
