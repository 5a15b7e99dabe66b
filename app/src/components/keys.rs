//! The keyboard: one dispatcher for the page, off while typing and while a dialog is open.

use crate::live::hub::use_live;
use crate::pages::run_list;
use leptos::{ev, html, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use wasm_bindgen::JsCast;

/// Key and what it does, as the help lists them.
const MAP: &[(&str, &str)] = &[
    ("Ctrl K", "Go to anything by a few letters"),
    ("g b", "Runboard"),
    ("g r", "Runs"),
    ("g t", "Templates"),
    ("g w", "Workers"),
    ("g s", "Schedules"),
    ("g a", "Alerts"),
    ("j k", "Next or previous run"),
    ("1 2 3 4", "Lane of the board"),
    ("Enter", "Select the run; open it when it is selected"),
    ("x", "Mark the run; X marks all since the last mark"),
    ("a", "Mark all runs in view"),
    ("o", "Open the run in a new tab"),
    ("c", "Cancel the run, or all that are marked"),
    ("r", "Start the run again, or all that are marked; R retries these"),
    ("e", "Start the run again with other parameters"),
    ("/", "Filter"),
    ("l t", "Logs or timeline of the run"),
    ("n N", "Next or previous hit in the log; j and k do the same"),
    ("f", "Log in full screen, and back"),
    ("T", "How times in the log are written"),
    ("p", "Pause live updates, or go on"),
    ("?", "This list"),
];

/// Listens for keys; shows nothing.
#[component]
pub(crate) fn Keys(
    /// Whether the help is shown.
    help: RwSignal<bool>,
) -> impl IntoView {
    let live = use_live();
    let navigate = use_navigate();
    let awaits_place = StoredValue::new(false);
    Effect::new(move || {
        let navigate = navigate.clone();
        let listener = window_event_listener(ev::keydown, move |event| {
            if event.ctrl_key() || event.alt_key() || event.meta_key() || is_busy(&event) || are_off() {
                return;
            }
            let go = |path: &str| navigate(path, NavigateOptions::default());
            let awaited = awaits_place.get_value();
            awaits_place.set_value(false);
            match (awaited, event.key().as_str()) {
                (true, "b") => go("/"),
                (true, "r") => go("/runs"),
                (true, "t") => go("/templates"),
                (true, "w") => go("/workers"),
                (true, "s") => go("/schedules"),
                (true, "a") => go("/alerts"),
                (false, "g") => awaits_place.set_value(true),
                (false, "j") => step(1),
                (false, "k") => step(-1),
                (false, key) if run_list::pressed(key) => {}
                (false, "c") => {
                    press(".rc:focus-within [role=button]:not(.gone), [data-key=cancel], .drawer .btn.danger");
                }
                (false, "Enter") if is_selected() => {
                    event.prevent_default();
                    press(".drawer .btn.primary");
                }
                (false, "r") if find("[data-hot=r]").is_none() => press(".drawer .foot button"),
                (false, key @ ("1" | "2" | "3" | "4")) => to_lane(u32::from(key.as_bytes()[0] - b'1')),
                (false, "l") if find("[data-hot=l]").is_none() => press("[data-key=logs], .drawer .btn.primary"),
                (false, "p") => live.toggle_pause(),
                (false, "/") if focus("[data-key=filter]") => event.prevent_default(),
                (false, "?") => help.set(true),
                // An element says for itself which key presses it.
                (false, key) if key.len() == 1 && key.as_bytes()[0].is_ascii_alphabetic() => {
                    press(&format!("[data-hot={key}]"));
                }
                _ => {}
            }
        });
        on_cleanup(move || listener.remove());
    });
}

/// The list of keys, and where they are switched off.
#[component]
pub(crate) fn KeyHelp(
    /// Whether it is shown.
    shown: RwSignal<bool>,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        if let Some(dialog) = dialog.get() {
            if shown.get() && !dialog.open() {
                let _ = dialog.show_modal();
            } else if !shown.get() {
                dialog.close();
            }
        }
    });
    let rows = MAP
        .iter()
        .map(|(keys, what)| {
            let keys = keys.split(' ').map(|key| html! { <kbd>{key}</kbd> }).collect_view();
            html! { <div><dt>{keys}</dt><dd>{*what}</dd></div> }
        })
        .collect_view();
    html! {
        <dialog class="dialog" node_ref=dialog aria-labelledby="keys-title" on:close=move |_| shown.set(false)>
            // The list begins where it begins, not at the button below it.
            <h2 id="keys-title" tabindex="-1" autofocus="">"Keyboard"</h2>
            <dl class="keys">{rows}</dl>
            <div class="row end" on:click=move |_| shown.set(false)>
                <a class="btn quiet" href="/settings">"Switch single keys off"</a>
                <button type="button" class="btn">"Close"</button>
            </div>
        </dialog>
    }
}

fn is_busy(event: &ev::KeyboardEvent) -> bool {
    let typing = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
        .is_some_and(|element| {
            element
                .closest("input, select, textarea, [contenteditable]")
                .ok()
                .flatten()
                .is_some()
        });
    typing || document().query_selector("dialog[open]").ok().flatten().is_some()
}

/// Whether the person has switched single keys off (WCAG 2.1.4), in the settings.
fn are_off() -> bool {
    document()
        .document_element()
        .and_then(|root| root.get_attribute("data-keys"))
        .is_some_and(|word| word == "off")
}

/// Moves the focus among the runs of the page; on the page of one, goes from hit to hit.
fn step(by: i32) {
    let hit = if by > 0 { "[data-hot=n]" } else { "[data-hot=N]" };
    if find(hit).is_some() {
        return press(hit);
    }
    let Ok(links) = document().query_selector_all(".rc h3 a, a.q, a.ended, .run-row a.row-link") else {
        return;
    };
    let all: Vec<web_sys::HtmlElement> = (0..links.length())
        .filter_map(|at| links.item(at)?.dyn_into().ok())
        .filter(is_visible)
        .collect();
    let active = document().active_element();
    let present = all.iter().position(|link| Some(&***link) == active.as_deref());
    let next = match present {
        Some(at) => (at as i32 + by).rem_euclid(all.len().max(1) as i32) as usize,
        None => 0,
    };
    if let Some(link) = all.get(next) {
        let _ = link.focus();
    }
}

/// Whether the focus is on the run that the address names.
fn is_selected() -> bool {
    let here = window().location().search().unwrap_or_default();
    let active = document().active_element().and_then(|link| link.get_attribute("href"));
    here.contains("run=") && active.is_some_and(|href| href == format!("/{here}"))
}

/// A phone shows another lane; elsewhere the focus goes to its first run.
fn to_lane(at: u32) {
    let nth = |which: &str| -> Option<web_sys::HtmlElement> {
        document().query_selector_all(which).ok()?.item(at)?.dyn_into().ok()
    };
    if let Some(tab) = nth(".lane-tabs a").filter(is_visible) {
        tab.click();
    } else if let Some(lane) = nth(".lanes > .lane") {
        let first = lane.query_selector("h3 a, a.q, a.ended").ok().flatten();
        if let Some(first) = first.and_then(|link| link.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _ = first.focus();
        }
    }
}

fn is_visible(element: &web_sys::HtmlElement) -> bool {
    element.offset_parent().is_some()
}

fn press(selector: &str) {
    if let Some(element) = find(selector) {
        element.click();
    }
}

fn focus(selector: &str) -> bool {
    find(selector).is_some_and(|element| element.focus().is_ok())
}

fn find(selector: &str) -> Option<web_sys::HtmlElement> {
    document().query_selector(selector).ok()??.dyn_into().ok()
}
