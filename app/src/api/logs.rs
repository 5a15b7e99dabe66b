//! Reads parts of the log of a run.

use super::PageError;
use crate::views::{ChunkView, LogMatchView};
use leptos::prelude::*;

/// Most lines one answer carries.
#[cfg(feature = "ssr")]
const MOST_LINES: i64 = 2_000;
/// Most matches one answer carries.
#[cfg(feature = "ssr")]
const MOST_MATCHES: i64 = 200;

/// `lines` lines from line `from` on.
#[server(prefix = "/fn", endpoint = "read_log")]
pub(crate) async fn read_log(run_id: String, from: i64, lines: i64) -> Result<Vec<ChunkView>, PageError> {
    let (services, claims) = super::error::caller()?;
    let mut tx = services.begin(&claims).await?;
    let chunks = runs::read::log_range(&mut tx, &run_id, from.max(1), lines.clamp(1, MOST_LINES)).await?;
    Ok(chunks.into_iter().map(Into::into).collect())
}

/// Lines that contain `query`, from line `from` on.
#[server(prefix = "/fn", endpoint = "search_log")]
pub(crate) async fn search_log(run_id: String, query: String, from: i64) -> Result<Vec<LogMatchView>, PageError> {
    let (services, claims) = super::error::caller()?;
    let mut tx = services.begin(&claims).await?;
    let matches = runs::read::log_search(&mut tx, &run_id, &query, from.max(1), MOST_MATCHES).await?;
    Ok(matches.into_iter().map(Into::into).collect())
}
