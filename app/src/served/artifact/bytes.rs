//! How much of an artifact is read for a page, and what the bytes are.

use crate::api::PageError;
use futures::TryStreamExt;
use runs::artifacts::{Opened, Store, StoreError, sniff};
use std::ops::Range;

/// Most bytes of a text.
pub(super) const MOST: u64 = 8 * 1024 * 1024;
/// So much tells text from everything else, and mostly holds the size of an image.
const HEAD: u64 = 256 * 1024;

/// What was read.
pub(super) struct Content {
    /// What the bytes are.
    pub(super) sniffed: sniff::Sniffed,
    /// The beginning.
    pub(super) bytes: Vec<u8>,
    /// Whether that is all of it.
    pub(super) is_whole: bool,
}

impl Content {
    /// As text; only asked of what was sniffed to be text.
    pub(super) fn text(&self) -> &str {
        sniff::text(&self.bytes, self.is_whole).unwrap_or_default()
    }
}

/// Reads the beginning: as much as the page can use.
pub(super) async fn read(store: &Store, opened: &Opened) -> Result<Content, PageError> {
    let head = beginning(store, opened, HEAD).await?;
    if head.is_whole || !head.sniffed.is_text() {
        return Ok(head);
    }
    beginning(store, opened, MOST).await
}

async fn beginning(store: &Store, opened: &Opened, most: u64) -> Result<Content, PageError> {
    let bytes = opened
        .clone()
        .beginning(store, most)
        .await
        .map_err(|error| unreadable(&error))?;
    let is_whole = bytes.len() as u64 >= opened.size_bytes();
    Ok(Content {
        sniffed: sniff::sniff(&bytes, is_whole),
        bytes,
        is_whole,
    })
}

/// The bytes of `range`.
pub(super) async fn part(store: &Store, opened: &Opened, range: Range<u64>) -> Result<Vec<u8>, PageError> {
    let pieces = opened
        .clone()
        .stream(store, Some(range))
        .await
        .map_err(|error| unreadable(&error))?;
    pieces
        .try_fold(Vec::new(), |mut whole, piece| async move {
            whole.extend_from_slice(&piece);
            Ok(whole)
        })
        .await
        .map_err(|error| unreadable(&error))
}

fn unreadable(error: &StoreError) -> PageError {
    let hint = if error.is_passing() {
        "Try again in a moment; nothing is lost."
    } else {
        "An operator finds out more with: runboard doctor."
    };
    PageError::new(
        503,
        "store_unreadable",
        format!("Its bytes cannot be read: {error}."),
        Some(hint),
    )
}
