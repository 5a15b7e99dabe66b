//! `/setup` on a server that is set up: there is nothing left to do, and where to look instead.

use super::{Ask, Page};
use domain::Permission;
use leptos::prelude::*;

/// The page.
pub(super) fn page(ask: &Ask) -> Page {
    let health = ask
        .may(Permission::ManageRuns)
        .then(|| html! { <a class="btn" href="/health/db">"Look at the database"</a> });
    let body = html! {
        <p>"This installation is set up: the database has the shape that this version needs. After an upgrade that needs another one, the server leads here by itself."</p>
        <p class="row bar">
            <a class="btn primary" href="/">
                "To the Runboard"
            </a>
            {health}
        </p>
    };
    Page::new(ask, "Set-up", body).narrow()
}
