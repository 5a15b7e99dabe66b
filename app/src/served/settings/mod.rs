//! `/settings` and its parts: what a person sets for themselves, and what administrators set for all.

mod connections;
mod lanes;
mod secrets;
mod shown;
mod system;
mod tabs;
mod tokens;
mod users;
mod yourself;

use super::{Ask, Page, not_found};
use crate::api::PageError;

/// The page of this name.
pub(super) async fn page(ask: &Ask, name: Option<&str>) -> Result<Page, PageError> {
    match name {
        None => Ok(yourself::page(ask)),
        Some("users") => users::page(ask).await,
        Some("tokens") => tokens::page(ask).await,
        Some("secrets") => secrets::page(ask).await,
        Some("lanes") => lanes::page(ask).await,
        Some("system") => system::page(ask).await,
        Some("connections") => connections::page(ask).await,
        Some(_) => Ok(not_found::page()),
    }
}
