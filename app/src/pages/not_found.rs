//! Nothing is at this address.

use crate::components::PageHead;
use leptos::prelude::*;
use leptos_meta::Title;

/// The page.
#[component]
pub(crate) fn NotFoundPage() -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::api::answer_with(404);
    html! {
        <Title text="Not found" />
        <PageHead title="Not found" />
        <div class="page narrow">
            <p>"There is nothing at this address. It may be mistyped, or what was here is gone."</p>
            <p>
                <a class="btn" href="/">"To the Runboard"</a>
            </p>
        </div>
    }
}
