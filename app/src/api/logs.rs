//! Reads parts of the log of a run.

use super::PageError;
use crate::views::{ChunkView, Sent};
use leptos::prelude::*;

/// Most lines one answer carries.
#[cfg(feature = "ssr")]
const MOST_LINES: i64 = 2_000;

/// `lines` lines from line `from` on.
#[server(prefix = "/fn", endpoint = "read_log")]
pub(crate) async fn read_log(run_id: String, from: i64, lines: i64) -> Result<Sent<Vec<ChunkView>>, PageError> {
    let (services, claims) = super::error::caller()?;
    let mut tx = services.begin(&claims).await?;
    let chunks = runs::read::log_range(&mut tx, &run_id, from.max(1), lines.clamp(1, MOST_LINES)).await?;
    Ok(Sent(chunks.into_iter().map(Into::into).collect()))
}
