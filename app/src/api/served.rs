//! Reads a page that only the server draws.

use super::PageError;
use crate::views::{Sent, ServedView};
use leptos::prelude::*;

/// The page at `address`, a path with its query. One that is refused is a page, too: it says why.
#[server(prefix = "/fn", endpoint = "draw_page")]
pub(crate) async fn draw_page(address: String) -> Result<Sent<ServedView>, PageError> {
    Ok(Sent(crate::served::draw(&address).await))
}
