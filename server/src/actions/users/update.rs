//! `PATCH /api/users/{user_id}`: gives a person another role, shuts one out, lets one in again.

use super::{create::RoleWord, list::UserView};
use crate::{
    actions::commit,
    caller::Caller,
    error::{ApiError, ApiResult, Problem},
    http::body::{Json, Path},
};
use ::runs::{Services, access};
use axum::extract::State;
use domain::Role;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What changes.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserChanges {
    /// Another role.
    #[schema(value_type = Option<RoleWord>)]
    role: Option<Role>,
    /// true shuts the person out and ends every session, false lets them in again.
    disabled: Option<bool>,
}

/// Changes a person. The last admin who can come in stays one.
#[utoipa::path(patch, path = "/api/users/{user_id}", tag = "access", params(("user_id" = Uuid, Path)), request_body = UserChanges,
    responses((status = 200, description = "The person.", body = UserView),
        (status = 404, description = "No such person.", body = Problem),
        (status = 409, description = "Nobody would be left who can administer.", body = Problem),
        (status = 422, description = "A field does not fit.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Path(user_id): Path<Uuid>,
    Json(body): Json<UserChanges>,
) -> ApiResult<Json<UserView>> {
    let mut tx = services.begin_as_server(&claims).await?;
    if let Some(role) = body.role {
        access::set_role(&mut tx, services.now(), &claims, user_id, role).await?;
    }
    if let Some(disabled) = body.disabled {
        access::set_disabled(&mut tx, services.now(), &claims, user_id, disabled).await?;
    }
    let user = access::user(&mut tx, user_id)
        .await?
        .ok_or_else(|| ApiError::not_found("user"))?;
    commit(tx).await?;
    Ok(Json(user.into()))
}
