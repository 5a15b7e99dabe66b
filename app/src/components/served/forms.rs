//! Forms of a served page, without a reload.
//!
//! `data-plain` leaves a form to the browser; `data-done` is what is said when it worked; `data-apply` names a field
//! whose value then stands on `<html>`, such as the theme.

use super::editor::Editor;
use crate::api::{FieldProblem, PageError};
use crate::components::toasts::{Toasts, use_toasts};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use std::sync::Arc;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{FormData, Headers, HtmlElement, HtmlFormElement, RequestInit, Response, UrlSearchParams};

/// Takes forms out of the hands of the browser.
#[derive(Clone)]
pub(super) struct Forms {
    redraw: RwSignal<u32>,
    toasts: Toasts,
    go: Arc<dyn Fn(&str) + Send + Sync>,
    pub(super) editor: Editor,
}

impl Forms {
    /// `redraw` counts up when the page is to be drawn again.
    pub(super) fn new(redraw: RwSignal<u32>) -> Self {
        let navigate = use_navigate();
        let go: Arc<dyn Fn(&str) + Send + Sync> =
            Arc::new(move |address| navigate(address, NavigateOptions::default()));
        Self {
            redraw,
            toasts: use_toasts(),
            editor: Editor::new(Arc::clone(&go)),
            go,
        }
    }

    /// A form is sent: one that asks becomes an address, one that changes something a call.
    pub(super) fn submitted(&self, event: &SubmitEvent) {
        let Some(form) = event.target().and_then(|form| form.dyn_into::<HtmlFormElement>().ok()) else {
            return;
        };
        if form.has_attribute("data-plain") {
            return;
        }
        let submitter = event.submitter();
        // A button may send the form elsewhere, and ask with it what the form itself would change.
        let said = |of_button: &str, of_form: &str| {
            let button = submitter.as_ref().and_then(|button| button.get_attribute(of_button));
            button.or_else(|| form.get_attribute(of_form)).unwrap_or_default()
        };
        let (to, is_question) = (said("formaction", "action"), said("formmethod", "method") != "post");
        let Some(fields) = fields(&form, submitter.as_ref(), is_question) else {
            return;
        };
        event.prevent_default();
        if form.has_attribute("data-edit") {
            self.editor.send(&form, fields);
            return;
        }
        if is_question {
            let query = String::from(fields.to_string());
            (self.go)(&if query.is_empty() { to } else { format!("{to}?{query}") });
            return;
        }
        let this = self.clone();
        spawn_local(async move {
            let _ = form.set_attribute("aria-busy", "true");
            let outcome = send(&to, &fields).await;
            let _ = form.remove_attribute("aria-busy");
            match outcome {
                Ok(address) => {
                    apply(&form, &fields);
                    this.worked(&form, address.as_deref());
                }
                Err(error) => this.refused(&form, &error),
            }
        });
    }

    fn worked(&self, form: &HtmlFormElement, address: Option<&str>) {
        if let Some(words) = form.get_attribute("data-done") {
            self.toasts.say(words);
        }
        // It gives the focus back to its button, which has it after the page was drawn again.
        if let Ok(Some(dialog)) = form.closest("[popover]") {
            let _ = dialog.unchecked_into::<HtmlElement>().hide_popover();
        }
        match address {
            Some(address) => (self.go)(address),
            None => self.redraw.update(|count| *count += 1),
        }
    }

    /// Says it above the fields, marks those at fault, and goes to the first.
    fn refused(&self, form: &HtmlFormElement, error: &PageError) {
        for marked in elements(form, "[aria-invalid]") {
            let _ = marked.remove_attribute("aria-invalid");
        }
        for said in elements(form, ".problem") {
            said.remove();
        }
        let Some(place) = elements(form, ".refusal").pop() else {
            self.toasts.complain(error);
            return;
        };
        let mut words = vec![error.message.clone()];
        words.extend(error.hint.clone());
        let mut first = None;
        for FieldProblem { field: name, message } in &error.problems {
            let field = elements(form, &format!("[name=\"{name}\"], [name=\"p[{name}]\"]")).pop();
            if let Some(field) = &field {
                let _ = field.set_attribute("aria-invalid", "true");
                first.get_or_insert(field.clone());
            }
            if !field.is_some_and(|field| say_below(&field, message)) && *message != error.message {
                words.push(format!("{name}: {message}"));
            }
        }
        place.set_text_content(Some(&words.join("\n")));
        if let Some(field) = first {
            let _ = field.focus();
        }
    }
}

/// Writes `message` where the help of `field` stands; false when it has none.
fn say_below(field: &HtmlElement, message: &str) -> bool {
    let help = field.closest(".form-field").ok().flatten();
    let Some(help) = help.and_then(|frame| frame.query_selector(".help").ok()?) else {
        return false;
    };
    let Ok(line) = document().create_element("p") else {
        return false;
    };
    line.set_class_name("problem");
    line.set_text_content(Some(message));
    help.insert_before(&line, help.first_child().as_ref()).is_ok()
}

fn apply(form: &HtmlFormElement, fields: &UrlSearchParams) {
    if let Some(name) = form.get_attribute("data-apply")
        && let (Some(value), Some(root)) = (fields.get(&name), document().document_element())
    {
        let _ = root.set_attribute(&format!("data-{name}"), &value);
    }
}

/// What is filled in; an empty field of a question asks nothing.
pub(super) fn fields(
    form: &HtmlFormElement,
    submitter: Option<&HtmlElement>,
    is_question: bool,
) -> Option<UrlSearchParams> {
    let data = FormData::new_with_form(form).ok()?;
    let fields = UrlSearchParams::new_with_str_sequence_sequence(&data).ok()?;
    if let Some(button) = submitter
        && let Some(name) = button.get_attribute("name")
    {
        fields.append(&name, &button.get_attribute("value").unwrap_or_default());
    }
    if !is_question {
        return Some(fields);
    }
    let asked = UrlSearchParams::new().ok()?;
    for pair in js_sys::try_iter(&fields).ok()??.flatten() {
        let pair = js_sys::Array::from(&pair);
        if let (Some(name), Some(value)) = (pair.get(0).as_string(), pair.get(1).as_string())
            && !value.is_empty()
        {
            asked.append(&name, &value);
        }
    }
    Some(asked)
}

/// Where to go next, if the server says so.
async fn send(to: &str, fields: &UrlSearchParams) -> Result<Option<String>, PageError> {
    let unreachable = |_: JsValue| PageError::unreachable();
    let headers = Headers::new().map_err(unreachable)?;
    headers.set("Accept", "application/json").map_err(unreachable)?;
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_headers(&headers);
    init.set_body(fields);
    let response = JsFuture::from(window().fetch_with_str_and_init(to, &init))
        .await
        .map_err(unreachable)?;
    let response: Response = response.unchecked_into();
    if response.ok() {
        return Ok(response.headers().get("location").ok().flatten());
    }
    let text = JsFuture::from(response.text().map_err(unreachable)?)
        .await
        .map_err(unreachable)?;
    let text = text.as_string().unwrap_or_default();
    Err(serde_json::from_str(&text).unwrap_or_else(|_| PageError::new(response.status(), "broken", text, None)))
}

fn elements(form: &HtmlFormElement, which: &str) -> Vec<HtmlElement> {
    let Ok(found) = form.query_selector_all(which) else {
        return Vec::new();
    };
    (0..found.length())
        .filter_map(|at| found.get(at)?.dyn_into().ok())
        .collect()
}
