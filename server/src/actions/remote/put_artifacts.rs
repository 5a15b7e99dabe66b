//! `POST /artifacts.put`: what steps left behind.

use super::outcome::{Outcomes, counted, write};
use crate::{
    caller::Caller,
    error::{ApiError, ApiResult, Problem},
    http::body::Json,
};
use ::runs::{Services, artifacts::Object, remote};
use axum::extract::State;
use db::queue::{ArtifactBody as BodyPlace, NewArtifact, Write};
use serde::Deserialize;
use utoipa::ToSchema;

/// Things that steps left behind.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ArtifactsBody {
    /// One per artifact.
    #[schema(min_items = 1, max_items = 500)]
    items: Vec<ArtifactBody>,
}

/// One artifact: up to 64 KiB in `content_base64`, more brought by `/artifacts.upload` and named here.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ArtifactBody {
    /// The run.
    run_id: String,
    /// Lease it is held under.
    lease_seq: i64,
    /// Step that left it.
    step: Option<String>,
    /// File name.
    #[schema(min_length = 1, max_length = 255)]
    name: String,
    /// What it is.
    kind: KindWord,
    /// Media type; `application/octet-stream` when left out.
    content_type: Option<String>,
    /// The bytes.
    content_base64: Option<String>,
    /// SHA-256 of bytes that were brought.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    sha256: Option<String>,
    /// How many bytes were brought.
    #[schema(minimum = 0)]
    size_bytes: Option<u64>,
}

/// What an artifact is.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum KindWord {
    /// Plain text.
    Text,
    /// Markdown.
    Markdown,
    /// JSON.
    Json,
    /// A unified diff.
    Diff,
    /// A picture.
    Image,
    /// Any file.
    File,
    /// An address.
    Link,
    /// A zip archive.
    Zip,
    /// A report.
    Report,
}

impl KindWord {
    fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Markdown => "markdown",
            Self::Json => "json",
            Self::Diff => "diff",
            Self::Image => "image",
            Self::File => "file",
            Self::Link => "link",
            Self::Zip => "zip",
            Self::Report => "report",
        }
    }
}

/// Keeps artifacts. A second one of the same step and name takes the place of the first.
#[utoipa::path(post, path = "/artifacts.put", tag = "worker", request_body = ArtifactsBody,
    responses((status = 200, description = "One answer per item, in order.", body = Outcomes),
        (status = 422, description = "A field does not fit.", body = Problem)))]
pub async fn handler(
    State(services): State<Services>,
    caller: Caller,
    Json(body): Json<ArtifactsBody>,
) -> ApiResult<Json<Outcomes>> {
    let items = counted(body.items)?.into_iter().enumerate();
    let writes = items
        .map(|(place, item)| item.into_write(place))
        .collect::<ApiResult<_>>()?;
    Ok(Json(write(&services, &caller, writes).await?))
}

impl ArtifactBody {
    fn into_write(self, place: usize) -> ApiResult<Write> {
        let content_type = self
            .content_type
            .unwrap_or_else(|| "application/octet-stream".to_owned());
        let artifact = match (self.content_base64, self.sha256, self.size_bytes) {
            (Some(text), None, None) => {
                let bytes = remote::InlineBytes::decode(&text).ok_or_else(|| {
                    let detail = format!("It is base64 of at most {} bytes.", remote::InlineBytes::MOST);
                    ApiError::invalid(format!("items[{place}].content_base64"), detail)
                })?;
                bytes.into_artifact(self.step, self.name, self.kind.as_str(), content_type)
            }
            (None, Some(sha256), Some(size_bytes)) => NewArtifact {
                step: self.step,
                name: self.name,
                kind: self.kind.as_str().to_owned(),
                content_type,
                size_bytes: i64::try_from(size_bytes).unwrap_or(i64::MAX),
                body: BodyPlace::StorageUrl(
                    Object {
                        sha256: sha256.clone(),
                        size_bytes,
                    }
                    .storage_url(),
                ),
                sha256,
            },
            _ => {
                let detail = "It has content_base64, or sha256 and size_bytes of bytes that were brought.";
                return Err(ApiError::invalid(format!("items[{place}]"), detail));
            }
        };
        Ok(Write::Artifact {
            run_id: self.run_id,
            lease_seq: self.lease_seq,
            artifact,
        })
    }
}
