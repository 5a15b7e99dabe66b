//! What a form would mean, drawn by the server while it is filled in: see `data-live` in `app/src/served`.

use super::forms::fields;
use crate::api::draw_page;
use crate::views::Sent;
use leptos::{ev::Event, prelude::*, task::spawn_local};
use std::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlFormElement};

/// Who types pauses so long between two words.
const PAUSE: Duration = Duration::from_millis(250);

/// Something was typed or chosen.
pub(super) fn changed(event: &Event, typed: StoredValue<u32>) {
    let element: Option<Element> = event.target().and_then(|target| target.dyn_into().ok());
    let Some(place) = element.and_then(|element| element.closest("[data-live]").ok()?) else {
        return;
    };
    typed.update_value(|count| *count += 1);
    let asked = typed.get_value();
    let is_newest = move || typed.try_get_value() == Some(asked);
    set_timeout(
        move || {
            if is_newest() {
                spawn_local(async move {
                    let _ = draw(&place, is_newest).await;
                });
            }
        },
        PAUSE,
    );
}

async fn draw(place: &Element, is_newest: impl Fn() -> bool) -> Option<()> {
    let form: HtmlFormElement = place.closest("form").ok()??.dyn_into().ok()?;
    let query = String::from(fields(&form, None, true)?.to_string());
    let address = format!("{}?{query}", place.get_attribute("data-live")?);
    let Sent(view) = draw_page(address).await.ok()?;
    if is_newest() {
        let into = document().get_element_by_id(&place.get_attribute("data-live-into")?)?;
        into.set_inner_html(&view.html);
    }
    Some(())
}
