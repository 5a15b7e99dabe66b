//! `POST /api/tokens`: issues a token for a program.

use crate::{
    actions::commit,
    caller::Caller,
    error::{ApiError, ApiResult, Problem},
    http::body::Json,
};
use ::runs::{
    Services,
    access::{self, IssuedToken, TokenSpec},
};
use axum::extract::State;
use chrono::{DateTime, Utc};
use domain::Role;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use std::fmt;
use utoipa::ToSchema;
use uuid::Uuid;

/// What the token may do.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenBody {
    /// What people call it.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// viewer, planner, operator, admin or worker; viewer when left out.
    #[schema(value_type = Option<TokenRole>)]
    role: Option<Role>,
    /// Actions it is limited to; such a token can start these and read. With the role planner it also steers the
    /// runs it has started and approves what a planner may; with a higher role nothing else.
    #[schema(min_items = 1)]
    actions: Option<Vec<String>>,
    /// Spreadsheets it is limited to.
    #[schema(min_items = 1)]
    spreadsheets: Option<Vec<String>>,
    /// Of no use after; never when left out.
    expires_at: Option<DateTime<Utc>>,
}

/// A role of tokens.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum TokenRole {
    /// Reads.
    Viewer,
    /// Runs actions.
    Planner,
    /// Steers runs.
    Operator,
    /// Does everything.
    Admin,
    /// Calls the worker endpoints and nothing else.
    Worker,
}

/// A token at its making, the only time it is seen whole.
#[derive(Clone, Serialize, ToSchema)]
pub struct IssuedView {
    /// Id, to rotate and revoke it by.
    token_id: Uuid,
    /// What the program sends as `Authorization: Bearer`.
    token: String,
}

impl From<IssuedToken> for IssuedView {
    fn from(issued: IssuedToken) -> Self {
        Self {
            token_id: issued.token_id,
            token: issued.token,
        }
    }
}

impl fmt::Debug for IssuedView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IssuedView")
            .field("token_id", &self.token_id)
            .finish_non_exhaustive()
    }
}

/// Issues a token; it is shown this once.
#[utoipa::path(post, path = "/api/tokens", tag = "access", request_body = TokenBody,
    responses((status = 201, description = "The token.", body = IssuedView),
        (status = 422, description = "A field does not fit.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Json(body): Json<TokenBody>,
) -> ApiResult<(StatusCode, Json<IssuedView>)> {
    let spec = TokenSpec {
        name: body.name,
        role: body.role,
        actions: body.actions,
        spreadsheets: body.spreadsheets,
        expires_at: body.expires_at,
    };
    if let Some(misfit) = spec.misfit(services.now()) {
        return Err(ApiError::invalid(misfit.field, misfit.message));
    }
    let mut tx = services.begin_as_server(&claims).await?;
    let issued = access::issue_token(&mut tx, services.now(), &claims, &spec).await?;
    commit(tx).await?;
    Ok((StatusCode::CREATED, Json(issued.into())))
}
