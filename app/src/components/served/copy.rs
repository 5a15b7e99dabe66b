//! A press on `data-copy` copies what stands in the field it names.

use crate::components::toasts::Toasts;
use leptos::{ev::MouseEvent, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement};

/// A press somewhere on the page.
pub(super) fn pressed(event: &MouseEvent, toasts: Toasts) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let field = target
        .and_then(|target| target.closest("[data-copy]").ok()?)
        .and_then(|button| document().get_element_by_id(&button.get_attribute("data-copy")?))
        .and_then(|field| field.dyn_into::<HtmlInputElement>().ok());
    let Some(field) = field else { return };
    field.select();
    // Without a secure origin there is no clipboard.
    if window().is_secure_context() {
        let _ = window().navigator().clipboard().write_text(&field.value());
        toasts.say("Copied.");
    } else {
        toasts.say("Selected; copy it with Ctrl+C.");
    }
}
