//! `POST /api/views`: saves a filter over runs under a name.

use crate::{
    actions::commit,
    caller::Caller,
    error::{ApiError, ApiResult, Problem},
    http::body::Json,
};
use ::runs::{
    Services,
    views::{self, Draft},
};
use axum::extract::State;
use domain::filter::Filter;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A view to save.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ViewBody {
    /// The view to change; a new one without.
    view_id: Option<Uuid>,
    /// Name, unique among the caller's; 1 to 60 letters.
    name: Option<String>,
    /// The filter as in the address of the list, such as `status=failed&from=24h`.
    query: Option<String>,
    /// Everybody sees it.
    is_shared: Option<bool>,
}

/// The saved view.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SavedId {
    /// Id.
    view_id: Uuid,
}

/// Makes a view, or changes the one that `view_id` names.
#[utoipa::path(post, path = "/api/views", tag = "runs", request_body = ViewBody,
    responses((status = 201, description = "It is new.", body = SavedId), (status = 200, description = "It is changed.", body = SavedId),
        (status = 403, description = "It is somebody else's, or may not be shared.", body = Problem),
        (status = 404, description = "No such view.", body = Problem), (status = 409, description = "The name is taken.", body = Problem),
        (status = 422, description = "Something does not fit.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Json(body): Json<ViewBody>,
) -> ApiResult<(StatusCode, Json<SavedId>)> {
    if let Some(problem) = body
        .query
        .as_deref()
        .and_then(|query| Filter::parse(query).problems.pop())
    {
        return Err(ApiError::invalid(
            "query",
            format!("{}: {}", problem.key, problem.message),
        ));
    }
    let draft = Draft {
        view_id: body.view_id,
        name: body.name,
        query: body.query,
        is_shared: body.is_shared,
    };
    let mut tx = services.begin(&claims).await?;
    let saved = views::save(&mut tx, &draft).await?;
    commit(tx).await?;
    let status = if saved.created {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    Ok((status, Json(SavedId { view_id: saved.view_id })))
}
