//! `GET /api/templates/{slug}/diff`: what changed between two versions.

use crate::{
    caller::Caller,
    error::{ApiError, ApiResult, Problem},
    http::body::{Json, Path, Query},
};
use ::runs::{Services, template};
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Which two versions.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DiffQuery {
    /// The older one.
    from: i32,
    /// The newer one; left out means the newest.
    to: Option<i32>,
}

/// What changed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DiffView {
    /// Name.
    slug: String,
    /// The older version.
    from: i32,
    /// The newer version.
    to: i32,
    /// Unified diff of the texts; empty when they are the same.
    diff: String,
    /// Lines that were added.
    added_count: usize,
    /// Lines that were removed.
    removed_count: usize,
}

/// Compares two versions of a template.
#[utoipa::path(get, path = "/api/templates/{slug}/diff", tag = "templates", params(("slug" = String, Path), DiffQuery),
    responses((status = 200, description = "What changed.", body = DiffView),
        (status = 404, description = "No such version.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Path(slug): Path<String>,
    Query(query): Query<DiffQuery>,
) -> ApiResult<Json<DiffView>> {
    let mut tx = services.begin(&claims).await?;
    let missing = || ApiError::not_found("version");
    let from = db::reads::template(&mut tx, &slug, Some(query.from))
        .await?
        .ok_or_else(missing)?;
    let to = db::reads::template(&mut tx, &slug, query.to)
        .await?
        .ok_or_else(missing)?;
    let names = [from.version, to.version].map(|version| format!("{slug} version {version}"));
    let found = template::diff((&names[0], &from.source), (&names[1], &to.source));
    Ok(Json(DiffView {
        slug,
        from: from.version,
        to: to.version,
        diff: found.text,
        added_count: found.added_count,
        removed_count: found.removed_count,
    }))
}
