//! The wasm entry: hydrates the pages of `app`. Nothing else belongs here.

use wasm_bindgen::prelude::wasm_bindgen;

/// Brings the rendered page to life.
#[wasm_bindgen]
pub fn hydrate() {
    std::panic::set_hook(Box::new(|panic| {
        console_error_panic_hook::hook(panic);
        app::broken::say(&panic.to_string());
    }));
    leptos::mount::hydrate_body(app::App);
}
