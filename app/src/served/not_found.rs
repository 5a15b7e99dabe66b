//! Nothing is at this address.

use super::Page;
use leptos::prelude::*;

/// The page.
pub(super) fn page() -> Page {
    let body = html! {
        <p>"There is nothing at this address. It may be mistyped, or what was here is gone."</p>
        <p>
            <a class="btn" href="/">"To the Runboard"</a> " " <a class="btn" href="/palette">"Find it by a few letters"</a>
        </p>
    };
    Page::bare("Not found", body).narrow().status(404)
}
