//! `GET /api/artifacts/{artifact_id}/diff`: what differs between two artifacts.

use super::send::store;
use crate::{
    caller::Caller,
    error::{ApiError, ApiResult, Problem},
    http::body::{Json, Path, Query},
};
use ::runs::{
    Services,
    artifacts::{self, Diff, LineChange, Manner, Opened},
    read,
};
use axum::extract::State;
use db::{PgConnection, reads::ArtifactRow};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Largest artifact that is compared.
const MOST_BYTES: u64 = 1024 * 1024;

/// With what to compare.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CompareQuery {
    /// Id of the older artifact, or `previous`: what the run before it of the same template left under the same name.
    #[serde(default = "previous")]
    #[param(default = "previous")]
    against: String,
}

/// What differs, from the older to the newer.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DiffView {
    /// The newer one.
    artifact_id: Uuid,
    /// The older one.
    against: Uuid,
    /// How they were compared.
    format: DiffFormat,
    /// Whether nothing differs.
    is_same: bool,
    /// Lines only the newer one has.
    added_count: usize,
    /// Lines only the older one has.
    removed_count: usize,
    /// As `diff -u` prints it; empty when nothing differs or they are no text.
    unified: String,
    /// The same, in pieces.
    hunks: Vec<HunkView>,
}

/// How two artifacts were compared.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DiffFormat {
    /// Line by line.
    Text,
    /// By their values: both are JSON, laid out alike.
    Json,
    /// One is no text; only that they differ is known.
    Binary,
    /// Byte by byte: they are the same.
    Bytes,
}

/// Changes that stand close together.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct HunkView {
    /// First line in the older one, from 1.
    old_start: usize,
    /// First line in the newer one, from 1.
    new_start: usize,
    /// Its lines.
    lines: Vec<LineView>,
}

/// One line.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LineView {
    /// What happened to it.
    change: ChangeWord,
    /// The line.
    text: String,
}

/// What happened to a line.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChangeWord {
    /// It stands in both.
    Same,
    /// Only the newer one has it.
    Added,
    /// Only the older one has it.
    Removed,
}

/// Compares an artifact with an older one.
#[utoipa::path(get, path = "/api/artifacts/{artifact_id}/diff", tag = "artifacts",
    params(("artifact_id" = Uuid, Path), CompareQuery),
    responses((status = 200, description = "What differs.", body = DiffView),
        (status = 404, description = "No such artifact, or none before it.", body = Problem),
        (status = 422, description = "One of them is too large to be compared.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    Caller(claims): Caller,
    Path(artifact_id): Path<Uuid>,
    Query(query): Query<CompareQuery>,
) -> ApiResult<Json<DiffView>> {
    let mut tx = services.begin(&claims).await?;
    let (newer, new) = opened(&mut tx, artifact_id).await?;
    let against = match query.against.as_str() {
        "previous" => artifacts::earlier(&mut tx, artifact_id)
            .await?
            .ok_or_else(|| ApiError::not_found("earlier artifact of this name"))?,
        id => id
            .parse()
            .map_err(|_| ApiError::invalid("against", "It is the id of an artifact, or previous."))?,
    };
    let (older, old) = opened(&mut tx, against).await?;
    drop(tx);
    let store = store(&services)?;
    let old = old.beginning(store, MOST_BYTES).await?;
    let new = new.beginning(store, MOST_BYTES).await?;
    let (old_name, new_name) = (label(&older), label(&newer));
    // Comparing may take a while, which no other request should have to wait for.
    let diff =
        tokio::task::spawn_blocking(move || artifacts::diff((&old_name, &old), (&new_name, &new), Manner::Values))
            .await
            .map_err(ApiError::internal)?;
    Ok(Json(DiffView::new((artifact_id, against), diff)))
}

async fn opened(conn: &mut PgConnection, artifact_id: Uuid) -> ApiResult<(ArtifactRow, Opened)> {
    let missing = || ApiError::not_found("artifact");
    let row = read::artifact(conn, artifact_id).await?.ok_or_else(missing)?;
    let opened = artifacts::open(conn, &row).await?.ok_or_else(missing)?;
    if opened.size_bytes() > MOST_BYTES {
        let detail = format!("{} is larger than {} KiB.", row.name, MOST_BYTES / 1024);
        let error = ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "too_large_to_compare", detail);
        return Err(error.hint("Download both and compare them yourself."));
    }
    Ok((row, opened))
}

fn label(row: &ArtifactRow) -> String {
    format!("{}/{}", row.run_id, row.name)
}

fn previous() -> String {
    "previous".to_owned()
}

impl DiffView {
    fn new((artifact_id, against): (Uuid, Uuid), diff: Diff) -> Self {
        let empty = Self {
            artifact_id,
            against,
            format: DiffFormat::Bytes,
            is_same: false,
            added_count: 0,
            removed_count: 0,
            unified: String::new(),
            hunks: Vec::new(),
        };
        match diff {
            Diff::Same => Self { is_same: true, ..empty },
            Diff::Binary => Self {
                format: DiffFormat::Binary,
                ..empty
            },
            Diff::Lines {
                is_json,
                unified,
                hunks,
                added_count,
                removed_count,
            } => Self {
                format: if is_json { DiffFormat::Json } else { DiffFormat::Text },
                unified,
                hunks: hunks.into_iter().map(Into::into).collect(),
                added_count,
                removed_count,
                ..empty
            },
        }
    }
}

impl From<artifacts::Hunk> for HunkView {
    fn from(hunk: artifacts::Hunk) -> Self {
        let lines = hunk.lines.into_iter().map(|line| LineView {
            change: match line.change {
                LineChange::Same => ChangeWord::Same,
                LineChange::Added => ChangeWord::Added,
                LineChange::Removed => ChangeWord::Removed,
            },
            text: line.text,
        });
        Self {
            old_start: hunk.old_start,
            new_start: hunk.new_start,
            lines: lines.collect(),
        }
    }
}
