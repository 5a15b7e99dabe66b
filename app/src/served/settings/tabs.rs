//! The row of links between the parts of the settings.

use crate::served::Ask;
use domain::Permission;
use leptos::prelude::*;

const TABS: [(&str, &str, Permission); 7] = [
    ("/settings", "You", Permission::Read),
    ("/settings/users", "Users", Permission::Administer),
    ("/settings/tokens", "Tokens", Permission::Administer),
    ("/settings/secrets", "Secrets", Permission::Administer),
    ("/settings/lanes", "Lanes", Permission::ManageRuns),
    ("/settings/system", "System", Permission::Administer),
    ("/settings/connections", "Connections", Permission::Administer),
];

/// Those that the role may see; none where there is nothing to choose.
pub(super) fn tabs(ask: &Ask) -> Option<AnyView> {
    let here = format!("/{}", ask.path().join("/"));
    let links: Vec<AnyView> = TABS
        .into_iter()
        .filter(|(.., permission)| ask.may(*permission))
        .map(|(href, name, _)| {
            let current = (here == href).then_some("page");
            html! { <a href=href aria-current=current>{name}</a> }
        })
        .collect();
    (links.len() > 1).then(|| html! { <nav class="tabs" aria-label="Settings">{links}</nav> })
}
