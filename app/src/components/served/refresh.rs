//! Time on a served page: ages tick, and a page with `data-refresh`, in seconds, is drawn again.

use crate::live::hub::Live;
use crate::now::use_now;
use crate::time;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement, VisibilityState};

/// Somebody is about to do something here.
const IN_USE: &str = ".served form:focus-within, .served :popover-open, .served dialog[open]";

/// Ticks with the clock of the page.
pub(super) fn keep(redraw: RwSignal<u32>) {
    let now = use_now();
    let live = use_context::<Live>();
    Effect::new(move |since: Option<i64>| {
        let now = now.get();
        tick_ages(now);
        fill_zone();
        let since = since.unwrap_or(now);
        let every = found("[data-refresh]").and_then(|page| page.get_attribute("data-refresh")?.parse::<i64>().ok());
        let is_due = every.is_some_and(|every| now - since >= every * 1000);
        let is_paused = live.is_some_and(Live::is_paused);
        if is_due && !is_paused && document().visibility_state() == VisibilityState::Visible && found(IN_USE).is_none()
        {
            redraw.update(|count| *count += 1);
            return now;
        }
        since
    });
}

/// `<input data-zone>` that says UTC gets the zone of the browser's clock, which the server cannot know.
fn fill_zone() {
    let Some(input) = found(".served input[data-zone]").and_then(|input| input.dyn_into::<HtmlInputElement>().ok())
    else {
        return;
    };
    let _ = input.remove_attribute("data-zone");
    let format = js_sys::Intl::DateTimeFormat::new(&js_sys::Array::new(), &js_sys::Object::new());
    let zone = js_sys::Reflect::get(&format.resolved_options(), &"timeZone".into());
    if let Some(zone) = zone.ok().and_then(|zone| zone.as_string())
        && input.value() == "UTC"
    {
        input.set_value(&zone);
    }
}

/// `<time data-ago>` says how long ago, `<time data-for>` for how long.
pub(crate) fn tick_ages(now: i64) {
    let Ok(times) = document().query_selector_all(".served time[data-ago], .served time[data-for]") else {
        return;
    };
    for element in (0..times.length()).filter_map(|at| times.get(at)?.dyn_into::<Element>().ok()) {
        let at = js_sys::Date::parse(&element.get_attribute("datetime").unwrap_or_default());
        if at.is_nan() {
            continue;
        }
        let span = now - at as i64;
        let words = if element.has_attribute("data-ago") {
            time::ago(span)
        } else {
            time::ticking(span)
        };
        if element.text_content().as_deref() != Some(&words) {
            element.set_text_content(Some(&words));
        }
    }
}

/// What had the focus has it after the page was drawn again.
pub(in crate::components) fn keep_focus() {
    if cfg!(feature = "ssr") {
        return;
    }
    let id = document()
        .active_element()
        .map(|element| element.id())
        .unwrap_or_default();
    if !id.is_empty() {
        request_animation_frame(move || {
            if let Some(element) = document().get_element_by_id(&id)
                && let Ok(element) = element.dyn_into::<HtmlElement>()
            {
                let _ = element.focus();
            }
        });
    }
}

fn found(which: &str) -> Option<Element> {
    document().query_selector(which).ok()?
}
