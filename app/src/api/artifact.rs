//! Reads an artifact as text.

use super::PageError;
use crate::views::{ArtifactTextView, Sent};
use leptos::prelude::*;

/// Most bytes shown in a page; the rest is for the download.
#[cfg(feature = "ssr")]
const MOST_BYTES: usize = 262_144;

/// The beginning of an artifact, as text that is never executed; `None` when there is none such, or it is not text.
#[server(prefix = "/fn", endpoint = "read_artifact")]
pub(crate) async fn read_artifact(artifact_id: String) -> Result<Option<Sent<ArtifactTextView>>, PageError> {
    let (services, claims) = super::error::caller()?;
    let Ok(id) = artifact_id.parse() else { return Ok(None) };
    let mut tx = services.begin(&claims).await?;
    let Some(row) = runs::read::artifact(&mut tx, id).await? else {
        return Ok(None);
    };
    let (Some(store), Some(opened)) = (services.store(), runs::artifacts::open(&mut tx, &row).await?) else {
        return Ok(None);
    };
    drop(tx);
    let Ok(bytes) = opened.beginning(store, MOST_BYTES as u64 + 1).await else {
        return Ok(None);
    };
    let is_json = row.kind == "json" || row.content_type.starts_with("application/json");
    Ok(Some(Sent(ssr::text(row.into(), &bytes, is_json))))
}

#[cfg(feature = "ssr")]
mod ssr {
    use super::MOST_BYTES;
    use crate::views::{ArtifactTextView, ArtifactView, pretty};

    pub(super) fn text(artifact: ArtifactView, bytes: &[u8], is_json: bool) -> ArtifactTextView {
        let is_cut = bytes.len() > MOST_BYTES;
        let shown = &bytes[..bytes.len().min(MOST_BYTES)];
        let text = match serde_json::from_slice::<serde_json::Value>(shown) {
            Ok(value) if is_json => pretty(&value),
            _ => String::from_utf8_lossy(shown).into_owned(),
        };
        ArtifactTextView { artifact, text, is_cut }
    }
}
