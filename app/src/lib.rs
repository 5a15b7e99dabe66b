//! Pages and server functions.
//!
//! The same components render on the server (feature `ssr`) and come alive in the browser (feature `hydrate`). This
//! room must not know SQL, HTTP routing or how runs are stored: a server function takes `runs::Services` and
//! `domain::Claims` from its context, makes one use-case call and answers with a view.
//!
//! Start at [`App`] for the routes, at [`views`] for the data, at [`live::wire`] for what keeps it fresh.

// Views are types as deep as the page is nested.
#![recursion_limit = "256"]

/// A view behind one type. What [`leptos::view!`] makes has a type of its own, and an `Option`, a `Vec` or a closure
/// around it another: the bundle would carry the machinery of views once for each.
macro_rules! html {
    ($($view:tt)*) => {
        leptos::prelude::IntoAny::into_any(leptos::view! { $($view)* }.into_inner())
    };
}

mod ansi;
mod api;
pub mod boot;
pub mod broken;
mod chart;
#[expect(unreachable_pub, reason = "the component macro makes the props public")]
mod components;
pub mod live;
mod log_text;
#[cfg(feature = "ssr")]
mod looks;
mod now;
#[cfg(feature = "ssr")]
mod once;
#[expect(unreachable_pub, reason = "the component macro makes the props public")]
mod pages;
#[cfg(feature = "ssr")]
mod render;
#[cfg(feature = "ssr")]
#[expect(unreachable_pub, reason = "the component macro makes the props public")]
mod served;
#[cfg(feature = "ssr")]
pub mod setup;
#[expect(unreachable_pub, reason = "the component macro makes the props public")]
mod shell;
mod stall;
mod state;
mod time;
pub mod views;
mod waterfall;

#[cfg(feature = "ssr")]
pub use api::{Installation, OwnSession};
pub use boot::{Boot, Viewer};
#[cfg(feature = "ssr")]
pub use served::Posted;
pub use shell::App;
#[cfg(feature = "ssr")]
pub use shell::shell;
