//! `/runs`: the list as the server draws it, kept alive.
//!
//! Rows change where they stand; runs that have come are announced and wait until somebody asks for them. What the
//! live stream says is a hint to look: the server draws the rows again, so the browser needs no view of a run.

mod marks;
mod news;

use crate::components::{LivePill, Redraw, ServedPage};
use leptos::prelude::*;

pub(crate) use marks::pressed;

/// The page.
#[component]
pub(crate) fn RunListPage() -> impl IntoView {
    let redraw = RwSignal::new(0_u32);
    provide_context(Redraw(redraw));
    news::keep(redraw);
    marks::keep();
    html! {
        <div class="list-live"><LivePill /></div>
        <ServedPage />
    }
}
