//! A page that broke says so, offers to be loaded again, and tells the server. Nothing of Leptos can be relied on then.

use leptos::prelude::{document, window};
use std::sync::atomic::{AtomicBool, Ordering};
use web_sys::{Headers, RequestInit};

/// What follows a first break is its consequence.
static SAID: AtomicBool = AtomicBool::new(false);
/// More is not sent.
const LONGEST: usize = 1000;

/// Says it in the page, and to the server: what broke, where, in which build. The address goes without its query,
/// which may hold what people entered.
pub fn say(message: &str) {
    if SAID.swap(true, Ordering::Relaxed) {
        return;
    }
    let path = window().location().pathname().unwrap_or_default();
    show(&path);
    send(message, &path);
}

fn show(path: &str) -> Option<()> {
    let bar = document().create_element("div").ok()?;
    bar.set_class_name("outdated broken");
    bar.set_attribute("role", "alert").ok()?;
    bar.set_text_content(Some(
        "This page has stopped working; what it shows may be old. Your work on the server goes on. ",
    ));
    let link = document().create_element("a").ok()?;
    link.set_class_name("btn sm");
    link.set_attribute("href", path).ok()?;
    link.set_attribute("rel", "external").ok()?;
    link.set_text_content(Some("Load it again"));
    bar.append_child(&link).ok()?;
    let body = document().query_selector("body").ok()??;
    body.insert_before(&bar, body.first_child().as_ref()).ok()?;
    Some(())
}

fn send(message: &str, path: &str) -> Option<()> {
    let message: String = message.chars().take(LONGEST).collect();
    let build = crate::boot::from_document().map(|boot| boot.build).unwrap_or_default();
    let body = serde_json::json!({ "message": message, "address": path, "build": build }).to_string();
    let headers = Headers::new().ok()?;
    headers.set("Content-Type", "application/json").ok()?;
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_headers(&headers);
    init.set_body(&body.into());
    // Nobody waits for the answer.
    let _ = window().fetch_with_str_and_init("/client-errors", &init);
    Some(())
}
