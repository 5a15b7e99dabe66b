//! `/schedules`: what starts by itself, and when.

mod acts;
mod form;
mod list;
mod one;
mod says;
mod times;

use super::{Ask, Page, not_found};
use crate::api::PageError;

/// The page at `/schedules/…`.
pub(super) async fn page(ask: &Ask, rest: &[&str]) -> Result<Page, PageError> {
    match *rest {
        [] => list::page(ask).await,
        ["new"] => form::new(ask).await,
        ["preview"] => times::preview(ask).await,
        [id] => one::page(ask, id).await,
        [id, "edit"] => form::edit(ask, id).await,
        _ => Ok(not_found::page()),
    }
}
