//! The bar on top of a page.

use super::{Icon, LivePill};
use crate::Boot;
use domain::Permission;
use leptos::prelude::*;

/// Title, live pill, and the way to start a run.
#[component]
pub(crate) fn PageHead(
    /// What the page is.
    #[prop(into)]
    title: Signal<String>,
    /// Whether the page changes by itself.
    #[prop(optional)]
    live: bool,
) -> impl IntoView {
    let may_start = use_context::<Boot>().is_some_and(|boot| boot.may(Permission::ManageRuns));
    html! {
        <div class="top">
            <h1>{title}</h1>
            {live.then(|| html! { <LivePill /> })}
            <span class="grow"></span>
            {may_start
                .then(|| {
                    html! {
                        <a class="btn primary" href="/templates">
                            <Icon name="play" />
                            "Start a run"
                        </a>
                    }
                })}
        </div>
    }
}
