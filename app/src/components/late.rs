//! Values that change, each kind behind one type.
//!
//! A closure has a type of its own, and for every type the bundle carries the machinery of a reactive text, attribute
//! or view once more. Behind these functions it carries it once.

use super::Loading;
use leptos::prelude::*;
use std::{future::Future, pin::Pin, sync::Arc};

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

/// A list of which single rows come, go and move; `key` tells them apart.
pub(crate) fn rows<T: Send + 'static>(
    items: impl Fn() -> Vec<T> + Send + Sync + 'static,
    key: fn(&T) -> String,
    show: impl Fn(T) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    let show = Arc::new(show);
    let row = move |item: T| {
        let show = Arc::clone(&show);
        Row {
            key: key(&item),
            make: Box::new(move || show(item)),
        }
    };
    one_list(Arc::new(move || items().into_iter().map(&row).collect()))
}

struct Row {
    key: String,
    make: Box<dyn FnOnce() -> AnyView + Send>,
}

fn one_list(rows: Arc<dyn Fn() -> Vec<Row> + Send + Sync>) -> AnyView {
    html! { <For each=move || rows() key=|row| row.key.clone() children=|row: Row| (row.make)() /> }
}

/// What is shown once the server has answered; until then that something is being read.
pub(crate) fn loaded<F: Future<Output = AnyView> + Send + 'static>(
    make: impl Fn() -> F + Send + Sync + 'static,
) -> AnyView {
    one_loaded(Arc::new(move || Box::pin(make())))
}

type LaterView = Pin<Box<dyn Future<Output = AnyView> + Send>>;

fn one_loaded(make: Arc<dyn Fn() -> LaterView + Send + Sync>) -> AnyView {
    html! {
        <Transition fallback=Loading>
            {move || Suspend::new(make())}
        </Transition>
    }
}
