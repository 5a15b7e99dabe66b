//! `POST /api/templates/{slug}/archive`: takes a template out of the list.

use crate::{
    actions::commit,
    caller::Caller,
    error::{ApiResult, Problem},
    http::body::Path,
};
use ::runs::Services;
use axum::extract::State;
use http::StatusCode;

/// Archives a template; its runs keep their versions, and the next save brings it back.
#[utoipa::path(post, path = "/api/templates/{slug}/archive", tag = "templates", params(("slug" = String, Path)),
    responses((status = 204, description = "It is archived."), (status = 404, description = "No such template.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Path(slug): Path<String>,
) -> ApiResult<StatusCode> {
    let mut tx = services.begin(&claims).await?;
    db::templates::archive(&mut tx, &slug).await?;
    commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}
