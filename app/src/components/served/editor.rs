//! A form whose text and fields follow each other: what changes is sent, and the pieces that come back are put in place.
//!
//! The server does the work (`app/src/served/editor`). What is typed while it does is never lost: the text is only
//! replaced when it still is what was sent, and a field that somebody types in keeps what was typed.

use super::{forms::fields, morph};
use crate::api::edit_template;
use crate::components::toasts::{Toasts, use_toasts};
use crate::views::{EditView, Sent};
use leptos::{ev::Event, ev::MouseEvent, prelude::*, task::spawn_local};
use std::{sync::Arc, time::Duration};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlFormElement, HtmlInputElement, HtmlTextAreaElement, UrlSearchParams};

/// After the last key, before the text is checked.
const PAUSE: Duration = Duration::from_millis(300);

/// Sends what changes.
#[derive(Clone)]
pub(super) struct Editor {
    /// How often something was sent; an answer to anything but the last is too late.
    turn: StoredValue<u32>,
    timer: StoredValue<Option<TimeoutHandle>>,
    toasts: Toasts,
    go: Arc<dyn Fn(&str) + Send + Sync>,
}

impl Editor {
    /// `go` leads to another page.
    pub(super) fn new(go: Arc<dyn Fn(&str) + Send + Sync>) -> Self {
        Self {
            turn: StoredValue::new(0),
            timer: StoredValue::new(None),
            toasts: use_toasts(),
            go,
        }
    }

    /// A key in the text: its lines are numbered at once, it is checked after a pause.
    pub(super) fn typed(&self, event: &Event) {
        let Some(form) = form_of(event) else { return };
        let Some(text) = text_of(&form).filter(|_| is_text(event)) else {
            return;
        };
        number(&text);
        if let Some(timer) = self.timer.get_value() {
            timer.clear();
        }
        let this = self.clone();
        let check = move || {
            if let Some(fields) = fields(&form, None, false) {
                this.send(&form, fields);
            }
        };
        self.timer.set_value(set_timeout_with_handle(check, PAUSE).ok());
    }

    /// A field of the form has another value.
    pub(super) fn entered(&self, event: &Event) {
        let Some(form) = form_of(event) else { return };
        if let Some(fields) = fields(&form, None, false).filter(|_| !is_text(event)) {
            self.send(&form, fields);
        }
    }

    /// Sends the fields and puts the answer in place.
    pub(super) fn send(&self, form: &HtmlFormElement, fields: UrlSearchParams) {
        if let Some(timer) = self.timer.get_value() {
            timer.clear();
        }
        let turn = self.turn.get_value() + 1;
        self.turn.set_value(turn);
        let (this, form) = (self.clone(), form.clone());
        spawn_local(async move {
            let answer = edit_template(fields.to_string().into()).await;
            if this.turn.get_value() != turn {
                return;
            }
            match answer {
                Ok(Sent(view)) if !view.address.is_empty() => (this.go)(&view.address),
                Ok(Sent(view)) => put(&form, &view, &fields),
                Err(error) => this.toasts.complain(&error),
            }
        });
    }
}

fn put(form: &HtmlFormElement, view: &EditView, sent: &UrlSearchParams) {
    if let Some(text) = text_of(form)
        && sent.get("source").as_deref() == Some(&text.value())
        && text.value() != view.source
    {
        text.set_value(&view.source);
        number(&text);
    }
    let active = document().active_element();
    let typed = active.as_ref().filter(|active| {
        let value = value_of(active);
        value.is_some() && value != sent.get(&active.id())
    });
    let keep = |element: &Element| typed == Some(element);
    for (piece, html) in &view.pieces {
        if let Some(piece) = document().get_element_by_id(piece) {
            morph::put(&piece, html, &keep);
        }
    }
    let next = document().get_element_by_id(&view.focus);
    if let Some(next) = next.and_then(|next| next.dyn_into::<HtmlElement>().ok()) {
        let _ = next.focus();
    }
}

/// `<a data-at>` leads to a place in the text.
pub(super) fn clicked(event: &MouseEvent) {
    let link = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let Some(link) = link.and_then(|element| element.closest("a[data-at]").ok().flatten()) else {
        return;
    };
    let Some(form) = link.closest("form").ok().flatten() else {
        return;
    };
    let at = link
        .get_attribute("data-at")
        .and_then(|at| at.parse().ok())
        .unwrap_or(0);
    if let Some(text) = form.dyn_ref().and_then(text_of) {
        event.prevent_default();
        event.stop_propagation();
        let _ = text.focus();
        let _ = text.set_selection_range(at, at);
        let mark = link.get_attribute("href").unwrap_or_default();
        if let Some(mark) = document().get_element_by_id(mark.trim_start_matches('#')) {
            mark.scroll_into_view();
        }
    }
}

/// The numbers beside the lines, and room for all of them.
fn number(text: &HtmlTextAreaElement) {
    let count = text.value().split('\n').count();
    text.set_rows(u32::try_from(count).unwrap_or(u32::MAX));
    if let Some(numbers) = document().get_element_by_id("source-lines") {
        let lines: Vec<String> = (1..=count).map(|number| number.to_string()).collect();
        numbers.set_text_content(Some(&lines.join("\n")));
    }
}

fn form_of(event: &Event) -> Option<HtmlFormElement> {
    let element: Element = event.target()?.dyn_into().ok()?;
    element.closest("form[data-edit]").ok()??.dyn_into().ok()
}

fn text_of(form: &HtmlFormElement) -> Option<HtmlTextAreaElement> {
    form.query_selector("#source").ok()??.dyn_into().ok()
}

fn is_text(event: &Event) -> bool {
    let element = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    element.is_some_and(|element| element.id() == "source")
}

/// What somebody types in, if it is a field for that; boxes and choices are sent at once.
fn value_of(element: &Element) -> Option<String> {
    if let Some(text) = element.dyn_ref::<HtmlTextAreaElement>() {
        return Some(text.value());
    }
    let input = element.dyn_ref::<HtmlInputElement>();
    input
        .filter(|input| input.type_() == "text")
        .map(HtmlInputElement::value)
}
