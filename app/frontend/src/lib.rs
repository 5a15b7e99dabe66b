//! The wasm entry: hydrates the pages of `app`. Nothing else belongs here.

use wasm_bindgen::prelude::wasm_bindgen;

/// Brings the rendered page to life.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(app::App);
}
