//! Pages that only the server draws: tables, facts and forms. They cost the browser's bundle nothing.
//!
//! A page is a function from an [`Ask`] to a [`Page`]: it reads what it shows, then draws it once, so nothing in it
//! is a signal. `components::ServedPage` shows it in the browser and keeps it alive. What that means for a page:
//!
//! - It must work without any script: questions are GET forms on its own address, changes are POST forms to server
//!   functions, dialogs are `popover`s, details are `<details>`. Times are written with [`parts::ago`] and its like.
//! - A POST form says in `data-done` what is said when it worked, and has a [`parts::refusal`] where it is said when
//!   it did not. Afterwards the page is drawn again, or the browser goes where `leptos_axum::redirect` says.
//!   `data-plain` leaves a form to the browser, such as an upload. `data-apply` names a field whose value then stands on
//!   `<html>`, such as the theme.
//! - A part of a form inside `data-live="/address"` and `data-live-into="id"` is drawn while it is filled in: the
//!   browser asks for that address with the fields of the form and shows the answer, a [`Page::piece`], in that element.
//! - What is shown once goes through `crate::once`. `data-copy=ID` on a button copies what stands in that field.
//! - [`Page::fresh`] draws it again every so many seconds. Elements with an `id` keep the focus when it is.
//! - What a form on the page's own address sends is in [`Ask::posted`]: a page that shows what is not saved yet.
//! - [`draw`] is the list of pages. An address needs no route: what no route takes is asked for here.

mod alerts;
mod artifact;
mod ask;
mod audit;
mod bulk;
mod confirm;
mod database;
mod dialog;
mod diff;
pub(crate) mod editor;
mod field;
mod fields;
mod not_found;
mod page;
mod palette;
mod parts;
mod rerun;
mod run;
mod run_list;
mod schedules;
mod set_up;
mod settings;
mod templates;
mod text_area;
mod workers;

pub(crate) use ask::Ask;
pub use ask::Posted;
pub(crate) use bulk::UNTYPED;
pub(crate) use page::Page;
pub(crate) use run::run_part;

use crate::api::PageError;
use crate::views::ServedView;

/// The page at `address`, a path with its query. What is refused is a page, too: it says why.
pub(crate) async fn draw(address: &str) -> ServedView {
    match find(address).await {
        Ok(page) => page.draw(),
        // Only files that are not there are asked for without logging in.
        Err(error) if error.status == 401 => not_found::page().draw(),
        Err(error) => page::refused(error),
    }
}

async fn find(address: &str) -> Result<Page, PageError> {
    let ask = Ask::of(address)?;
    match ask.path().as_slice() {
        ["runs"] => run_list::page(&ask).await,
        // What a live list asks for; nobody goes there.
        ["runs.news"] => run_list::news(&ask).await,
        ["bulk"] => bulk::list(&ask).await,
        ["bulk", "new"] => bulk::confirm(&ask).await,
        ["bulk", id] => bulk::one(&ask, id).await,
        ["workers"] => workers::page(&ask).await,
        ["alerts", rest @ ..] => alerts::page(&ask, rest).await,
        ["schedules", rest @ ..] => schedules::page(&ask, rest).await,
        ["artifacts", id] => artifact::page(&ask, id).await,
        ["setup", ..] => Ok(set_up::page(&ask)),
        ["audit"] => audit::page(&ask).await,
        ["settings"] => settings::page(&ask, None).await,
        ["settings", name] => settings::page(&ask, Some(name)).await,
        ["templates", below @ ..] => templates::page(&ask, below).await,
        ["palette"] => palette::page(&ask).await,
        ["health", "db"] => database::page(&ask).await,
        ["runs", run_id, "rerun"] => rerun::page(&ask, run_id).await,
        _ => Ok(not_found::page()),
    }
}
