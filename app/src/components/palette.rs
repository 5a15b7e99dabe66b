//! The command palette: everything one can go to, by a few letters. Ctrl-K opens it.
//!
//! The server finds and draws the entries; here are only the field, the arrows and the place they are put in.

use crate::api::draw_page;
use crate::views::Sent;
use leptos::{ev, html, prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// Opens with Ctrl-K; shows nothing before.
#[component]
pub(crate) fn Palette() -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let asked = StoredValue::new(0_u32);
    let ask = move |words: String| {
        asked.update_value(|asked| *asked += 1);
        let number = asked.get_value();
        spawn_local(async move {
            let query = String::from(js_sys::encode_uri_component(&words));
            // The answer to earlier letters may come later.
            if let Ok(Sent(view)) = draw_page(format!("/palette?part=list&q={query}")).await
                && asked.try_get_value() == Some(number)
                && let Some(list) = by_id("palette-list")
            {
                list.set_inner_html(&view.html);
                choose(list.first_element_child());
            }
        });
    };
    Effect::new(move || {
        let listener = window_event_listener(ev::keydown, move |event| {
            let is_called = (event.ctrl_key() || event.meta_key()) && event.key().eq_ignore_ascii_case("k");
            if let (true, Some(dialog)) = (is_called, dialog.get_untracked())
                && document().query_selector("dialog[open]").ok().flatten().is_none()
            {
                event.prevent_default();
                let _ = dialog.show_modal();
                if let Some(field) = field() {
                    field.set_value("");
                }
                ask(String::new());
            }
        });
        on_cleanup(move || listener.remove());
    });
    let close = move || {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    let keys = move |event: ev::KeyboardEvent| {
        let chosen = document()
            .query_selector("#palette-list [aria-selected=true]")
            .ok()
            .flatten();
        match event.key().as_str() {
            "ArrowDown" => choose(chosen.and_then(|entry| entry.next_element_sibling())),
            "ArrowUp" => choose(chosen.and_then(|entry| entry.previous_element_sibling())),
            "Enter" => {
                if let Some(entry) = chosen.and_then(|entry| entry.dyn_into::<HtmlElement>().ok()) {
                    entry.click();
                }
            }
            _ => return,
        }
        event.prevent_default();
    };
    let pressed = move |event: ev::MouseEvent| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        if target.is_some_and(|target| target.closest("a").is_ok_and(|link| link.is_some())) {
            close();
        }
    };
    html! {
        <dialog class="dialog palette" node_ref=dialog aria-label="Go to" on:click=pressed on:keydown=keys>
            <input
                id="palette-field"
                role="combobox"
                aria-label="A page, a template, a view, a run"
                placeholder="A page, a template, a view, a run"
                aria-expanded="true"
                aria-controls="palette-list"
                aria-autocomplete="list"
                autocomplete="off"
                on:input=move |event| ask(event_target_value(&event))
            />
            <div id="palette-list" role="listbox" aria-label="Found"></div>
        </dialog>
    }
}

/// The field says which entry Enter would go to.
fn choose(entry: Option<Element>) {
    let (Some(entry), Some(field)) = (entry, field()) else {
        return;
    };
    if let Ok(Some(before)) = document().query_selector("#palette-list [aria-selected=true]") {
        let _ = before.set_attribute("aria-selected", "false");
    }
    let _ = entry.set_attribute("aria-selected", "true");
    let _ = field.set_attribute("aria-activedescendant", &entry.id());
    entry.scroll_into_view();
}

fn field() -> Option<web_sys::HtmlInputElement> {
    by_id("palette-field")?.dyn_into().ok()
}

fn by_id(id: &str) -> Option<Element> {
    document().get_element_by_id(id)
}
