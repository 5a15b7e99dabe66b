//! Reads the board.

use super::PageError;
use crate::views::{BoardView, Sent};
use leptos::prelude::*;

/// Everything the first page shows.
#[server(prefix = "/fn", endpoint = "read_board")]
pub(crate) async fn read_board() -> Result<Sent<BoardView>, PageError> {
    let (services, claims) = super::error::caller()?;
    let mut tx = services.begin(&claims).await?;
    let board = runs::board::read(&mut tx).await?;
    Ok(Sent(crate::views::board_view(board, services.now().timestamp_millis())))
}
