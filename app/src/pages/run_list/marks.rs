//! Marked runs: by mouse, by keys, by range; what is done with them is asked in a dialog that the server draws.

use super::news::all;
use crate::api::draw_page;
use crate::components::{Toasts, use_toasts};
use crate::views::Sent;
use domain::filter::{add_typed, address};
use leptos::{ev, prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use std::cell::Cell;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlDialogElement, HtmlElement, HtmlInputElement, MouseEvent, SubmitEvent};

thread_local! {
    /// Row from which a range begins.
    static ANCHOR: Cell<usize> = const { Cell::new(0) };
}

/// Listens while the page is shown.
pub(super) fn keep() {
    let toasts = use_toasts();
    let navigate = use_navigate();
    Effect::new(move || {
        let navigate = navigate.clone();
        let go = move |to: &str| navigate(to, NavigateOptions::default());
        let changed = window_event_listener(ev::change, |event| change(&event));
        let clicked = window_event_listener(ev::click, |event| click(&event));
        let reset = window_event_listener(ev::reset, |_| set_timeout(tell, std::time::Duration::ZERO));
        let submitted = window_event_listener(ev::submit, move |event| submit(&event, toasts, &go));
        on_cleanup(move || {
            changed.remove();
            clicked.remove();
            reset.remove();
            submitted.remove();
        });
    });
}

/// Does what a key means on the list; false where there is no list, or the key means nothing.
pub(crate) fn pressed(key: &str) -> bool {
    if find(".run-list").is_none() {
        return false;
    }
    match key {
        "x" => mark(),
        "X" => mark_range(),
        "a" => mark_all(),
        "o" => open_apart(),
        "c" => press_verb("cancel"),
        "r" => press_verb("rerun"),
        "R" => press_verb("retry"),
        _ => return false,
    }
    true
}

/// Marks the run that has the focus, or takes its mark away.
fn mark() {
    let boxes = boxes();
    if let Some(at) = focused(&boxes) {
        boxes[at].set_checked(!boxes[at].checked());
        ANCHOR.set(at);
        tell();
    }
}

/// Marks every run from the last mark to the one that has the focus.
fn mark_range() {
    let boxes = boxes();
    if let Some(at) = focused(&boxes) {
        range(&boxes, at, true);
    }
}

/// Marks all runs in view, or none when all are.
fn mark_all() {
    let boxes = boxes();
    let are_marked = !boxes.iter().all(HtmlInputElement::checked);
    for one in &boxes {
        one.set_checked(are_marked);
    }
    tell();
}

/// Asks before `verb` is done to the marked runs, or to the one that has the focus.
fn press_verb(verb: &str) {
    if !is_whole() && boxes().iter().all(|one| !one.checked()) {
        mark();
    }
    let button = find(&format!("#marked [data-verb={verb}]")).and_then(|button| button.dyn_into::<HtmlElement>().ok());
    if let Some(button) = button {
        button.click();
    }
}

/// Opens the run that has the focus in a new tab.
fn open_apart() {
    let link = document()
        .active_element()
        .and_then(|element| element.get_attribute("href"))
        .filter(|href| href.starts_with("/runs/"));
    if let Some(href) = link {
        let _ = window().open_with_url_and_target(&href, "_blank");
    }
}

fn change(event: &Event) {
    let Some(element) = target(event) else { return };
    if element.has_attribute("data-mark-all") {
        mark_all();
    } else if element.closest("#marked, td.mark").ok().flatten().is_some() {
        tell();
    }
}

/// With Shift a click marks, or unmarks, all the rows since the last one.
fn click(event: &MouseEvent) {
    let Some(element) = target(event) else { return };
    if element.has_attribute("data-close") {
        if let Some(dialog) = element
            .closest("dialog")
            .ok()
            .flatten()
            .and_then(|dialog| dialog.dyn_into::<HtmlDialogElement>().ok())
        {
            dialog.close();
        }
        return;
    }
    let boxes = boxes();
    if let Some(at) = boxes.iter().position(|one| ***one == element) {
        if event.shift_key() {
            range(&boxes, at, boxes[at].checked());
        }
        ANCHOR.set(at);
    }
}

fn range(boxes: &[HtmlInputElement], to: usize, is_marked: bool) {
    let from = ANCHOR.get().min(boxes.len() - 1);
    for one in &boxes[from.min(to)..=from.max(to)] {
        one.set_checked(is_marked);
    }
    ANCHOR.set(to);
    tell();
}

/// Says how many are marked.
fn tell() {
    let boxes = boxes();
    let count = boxes.iter().filter(|one| one.checked()).count();
    if let Some(head) = find("[data-mark-all]").and_then(|head| head.dyn_into::<HtmlInputElement>().ok()) {
        head.set_checked(count > 0 && count == boxes.len());
        head.set_indeterminate(count > 0 && count < boxes.len());
    }
    let words = match count {
        _ if is_whole() => "All runs that fit are marked.".to_owned(),
        0 => "Mark runs to act on many at once.".to_owned(),
        1 => "1 run marked".to_owned(),
        count => format!("{count} runs marked"),
    };
    if let Some(place) = find(".marked-count") {
        place.set_text_content(Some(&words));
    }
}

/// The two forms that the list sends in its own way: what is typed becomes words of the address, and what is about
/// to be done is shown in a dialog.
fn submit(event: &SubmitEvent, toasts: Toasts, go: &dyn Fn(&str)) {
    let Some(form) = target(event) else { return };
    if form.matches("form.filter").unwrap_or_default() {
        event.prevent_default();
        let typed = find("[data-key=filter]").and_then(|field| field.dyn_into::<HtmlInputElement>().ok());
        let address = find(".run-list").and_then(|list| list.get_attribute("data-address"));
        if let (Some(typed), Some(address)) = (typed, address) {
            let query = address.split_once('?').map_or("", |(_, query)| query);
            go(&format!("/runs?{}", add_typed(query, &typed.value())));
        }
    } else if form.matches("#marked").unwrap_or_default() {
        event.prevent_default();
        let verb = event
            .submitter()
            .and_then(|button| button.get_attribute("value"))
            .unwrap_or_default();
        let address = confirm_address(verb);
        spawn_local(async move {
            match draw_page(address).await {
                Ok(Sent(view)) => show(&view.html),
                Err(error) => toasts.complain(&error),
            }
        });
    }
}

fn confirm_address(verb: String) -> String {
    let mut pairs = vec![("verb", verb)];
    if is_whole() {
        let filter = find("#marked [name=filter]").and_then(|field| field.dyn_into::<HtmlInputElement>().ok());
        pairs.push(("all", "true".to_owned()));
        pairs.push(("filter", filter.map(|field| field.value()).unwrap_or_default()));
    } else {
        pairs.extend(
            boxes()
                .iter()
                .filter(|one| one.checked())
                .map(|one| ("run", one.value())),
        );
    }
    format!("/bulk/new?{}", address::query(&pairs))
}

fn show(html: &str) {
    if let Some(dialog) = find("#bulk-dialog").and_then(|dialog| dialog.dyn_into::<HtmlDialogElement>().ok()) {
        dialog.set_inner_html(html);
        if !dialog.open() {
            let _ = dialog.show_modal();
        }
    }
}

fn boxes() -> Vec<HtmlInputElement> {
    let Some(list) = find(".run-list") else {
        return Vec::new();
    };
    let found = all(&list, "td.mark [name=run]");
    found.into_iter().filter_map(|one| one.dyn_into().ok()).collect()
}

/// Place of the row in which the focus is.
fn focused(boxes: &[HtmlInputElement]) -> Option<usize> {
    let row = document().active_element()?.closest("tr[data-run]").ok()??;
    let id = row.get_attribute("data-run")?;
    boxes.iter().position(|one| one.value() == id)
}

fn is_whole() -> bool {
    find("#marked [data-whole]:checked").is_some()
}

fn target(event: &Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

fn find(which: &str) -> Option<Element> {
    document().query_selector(which).ok()?
}
