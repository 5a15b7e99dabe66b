//! Values that change, each kind behind one type.
//!
//! A closure has a type of its own, and for every type the bundle carries the machinery of a reactive text, attribute
//! or view once more. Behind these three functions it carries it once.

use leptos::prelude::*;
use std::sync::Arc;

/// A text that changes.
pub(crate) fn text<T: Into<String>>(make: impl Fn() -> T + Send + Sync + 'static) -> Signal<String> {
    Signal::derive(move || make().into())
}

/// A yes or no that changes.
pub(crate) fn flag(make: impl Fn() -> bool + Send + Sync + 'static) -> Signal<bool> {
    Signal::derive(make)
}

/// A word that is there or not, such as that of `aria-current`.
pub(crate) fn maybe(make: impl Fn() -> Option<&'static str> + Send + Sync + 'static) -> Signal<Option<&'static str>> {
    Signal::derive(make)
}

/// A piece of the page that changes as a whole.
pub(crate) fn piece<T: IntoView + 'static>(make: impl Fn() -> T + Send + Sync + 'static) -> AnyView {
    one_piece(Arc::new(move || make().into_any()))
}

fn one_piece(make: Arc<dyn Fn() -> AnyView + Send + Sync>) -> AnyView {
    (move || make()).into_any()
}
