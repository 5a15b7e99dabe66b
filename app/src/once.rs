//! What is shown once, such as a token at its making.
//!
//! It travels from the form to the page in a cookie that is sealed, that no script reads, and that the next drawing of
//! the page takes away: with a script or without, never in an address or a log.

use crate::api::{Installation, PageError};
use chrono::TimeDelta;
use domain::Claims;
use leptos::prelude::use_context;
use runs::{Services, secrets::SecretError};
use serde::{Deserialize, Serialize};

const COOKIE: &str = "runboard_once";
/// The form leads to the page at once; who comes later makes another.
const LIFE: TimeDelta = TimeDelta::minutes(2);

/// What is shown.
#[derive(Serialize, Deserialize)]
pub(crate) struct Shown {
    /// Which page shows it: the last segment of its address.
    pub(crate) page: String,
    /// What it is, such as *Token ci*.
    pub(crate) what: String,
    /// What to do with it.
    pub(crate) note: String,
    /// The thing itself.
    pub(crate) text: String,
}

/// Sends it along with this answer.
pub(crate) fn keep(services: &Services, claims: &Claims, shown: &Shown) -> Result<(), PageError> {
    let text = serde_json::to_string(shown).unwrap_or_default();
    let note = services
        .key()
        .seal_note(&claims.subject, &text, services.now() + LIFE)
        .map_err(|error: SecretError| PageError::new(500, "broken", format!("It cannot be shown: {error}."), None))?;
    set_cookie(&note, LIFE.num_seconds());
    Ok(())
}

/// What this page is to show, for it is not shown again.
pub(crate) fn take(services: &Services, claims: &Claims, page: &str) -> Option<Shown> {
    let note = crate::boot::cookie(&use_context::<http::request::Parts>()?.headers, COOKIE)?;
    let text = services.key().open_note(&claims.subject, &note, services.now());
    let shown: Option<Shown> = text.and_then(|text| serde_json::from_str(&text).ok());
    let shown = shown.filter(|shown| shown.page == page)?;
    set_cookie("", 0);
    Some(shown)
}

fn set_cookie(value: &str, seconds: i64) {
    let is_https = use_context::<Installation>().is_some_and(|known| known.public_url.starts_with("https:"));
    let secure = if is_https { "; Secure" } else { "" };
    let cookie = format!("{COOKIE}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}");
    if let (Some(response), Ok(cookie)) = (use_context::<leptos_axum::ResponseOptions>(), cookie.parse()) {
        response.append_header(http::header::SET_COOKIE, cookie);
    }
}
