//! An artifact as the API shows it, without its bytes.

use chrono::{DateTime, Utc};
use db::reads::ArtifactRow;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Something a step left behind.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ArtifactView {
    /// Id in addresses.
    pub artifact_id: Uuid,
    /// Run it belongs to.
    pub run_id: String,
    /// Step that left it.
    pub step: Option<String>,
    /// File name.
    pub name: String,
    /// text, markdown, json, diff, image, file, link, zip or report.
    pub kind: String,
    /// Media type.
    pub content_type: String,
    /// Bytes.
    pub size_bytes: i64,
    /// Checksum, hex.
    pub sha256: String,
    /// Made.
    pub created_at: DateTime<Utc>,
}

impl From<ArtifactRow> for ArtifactView {
    fn from(row: ArtifactRow) -> Self {
        Self {
            artifact_id: row.artifact_id,
            run_id: row.run_id,
            step: row.step,
            name: row.name,
            kind: row.kind,
            content_type: row.content_type,
            size_bytes: row.size_bytes,
            sha256: row.sha256,
            created_at: row.created_at,
        }
    }
}
