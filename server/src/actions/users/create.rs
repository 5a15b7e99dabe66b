//! `POST /api/users`: makes a person known.

use super::list::UserView;
use crate::{
    actions::commit,
    caller::Caller,
    error::{ApiResult, Problem},
    http::body::Json,
};
use ::runs::{
    Services,
    access::{self, Invitation},
};
use axum::extract::State;
use domain::Role;
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

/// A person to be made known.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserBody {
    /// E-mail address.
    email: String,
    /// Name that people see; the part of the address before @ when left out.
    display_name: Option<String>,
    /// viewer, planner, operator or admin; viewer when left out.
    #[schema(value_type = Option<RoleWord>)]
    role: Option<Role>,
}

/// A role of people.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum RoleWord {
    /// Reads.
    Viewer,
    /// Runs actions.
    Planner,
    /// Steers runs.
    Operator,
    /// Does everything.
    Admin,
}

/// Makes a person known; a login link lets them in.
#[utoipa::path(post, path = "/api/users", tag = "access", request_body = UserBody,
    responses((status = 201, description = "The person.", body = UserView),
        (status = 409, description = "The address belongs to somebody.", body = Problem),
        (status = 422, description = "A field does not fit.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Json(body): Json<UserBody>,
) -> ApiResult<(StatusCode, Json<UserView>)> {
    let invitation = Invitation {
        email: &body.email,
        display_name: body.display_name.as_deref(),
        role: body.role.unwrap_or(Role::Viewer),
    };
    let mut tx = services.begin_as_server(&claims).await?;
    let user = access::invite(&mut tx, services.now(), &claims, invitation).await?;
    commit(tx).await?;
    Ok((StatusCode::CREATED, Json(user.into())))
}
