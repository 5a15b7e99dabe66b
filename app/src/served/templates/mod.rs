//! `/templates` and what is below it: the list, one template with its versions, the editor.

mod detail;
mod facts;
mod list;
mod plan;
mod start;
mod versions;

use super::{Ask, Page, editor};
use crate::api::PageError;

/// The page at `path`, below `/templates`.
pub(super) async fn page(ask: &Ask, path: &[&str]) -> Result<Page, PageError> {
    match path {
        [] => list::page(ask).await,
        ["new"] => editor::page(ask, None).await,
        [slug, "edit"] => editor::page(ask, Some(slug)).await,
        [slug, "run"] => start::page(ask, slug).await,
        [slug] => detail::page(ask, slug).await,
        _ => Ok(super::not_found::page()),
    }
}
