//! `GET /api/users`: everybody who may log in.

use crate::{actions::Page, caller::Caller, error::ApiResult, http::body::Json};
use ::runs::{
    Services,
    access::{self, User},
};
use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A person.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UserView {
    /// Id, stable.
    pub user_id: Uuid,
    /// Address, lower case.
    pub email: String,
    /// Name that people see.
    pub display_name: String,
    /// viewer, planner, operator or admin.
    pub role: String,
    /// Shut out since.
    pub disabled_at: Option<DateTime<Utc>>,
    /// Made.
    pub created_at: DateTime<Utc>,
    /// Last came in.
    pub last_login_at: Option<DateTime<Utc>>,
}

impl From<User> for UserView {
    fn from(user: User) -> Self {
        Self {
            user_id: user.user_id,
            email: user.email,
            display_name: user.display_name,
            role: user.role,
            disabled_at: user.disabled_at,
            created_at: user.created_at,
            last_login_at: user.last_login_at,
        }
    }
}

/// Lists everybody, by address.
#[utoipa::path(get, path = "/api/users", tag = "access",
    responses((status = 200, description = "Everybody.", body = Page<UserView>)))]
pub async fn handler(State(services): State<Services>, Caller(claims): Caller) -> ApiResult<Json<Page<UserView>>> {
    let mut tx = services.begin(&claims).await?;
    Ok(Json(Page::whole(access::users(&mut tx).await?)))
}
