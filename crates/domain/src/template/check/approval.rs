//! Rules of an approval step.

use super::with::{Find, is_interpolated};
use crate::{OnTimeout, Role};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

pub(super) fn check(with: &Map<String, Value>, find: &mut Find<'_>) {
    if with.contains_key("on_timeout") && !with.contains_key("timeout_seconds") {
        let message = "Without timeout_seconds nothing ever times out; give it one, or leave on_timeout out.";
        find("with.on_timeout", message.to_owned());
    }
    if !is_word::<Role>(with, "role") || with.get("role").and_then(Value::as_str) == Some("worker") {
        find(
            "with.role",
            "A person decides: name the role planner, operator or admin.".to_owned(),
        );
    }
    if !is_word::<OnTimeout>(with, "on_timeout") {
        find("with.on_timeout", "Write approve, reject or fail.".to_owned());
    }
    if with
        .get("message")
        .is_some_and(|message| message.as_str().is_none_or(|text| text.trim().is_empty()))
    {
        find("with.message", "Say what is asked, or leave it out.".to_owned());
    }
    let seconds = with.get("timeout_seconds");
    if seconds.is_some_and(|seconds| seconds.as_f64().is_some_and(|seconds| seconds <= 0.0)) {
        find("with.timeout_seconds", "A wait takes at least a second.".to_owned());
    }
}

/// Whether a text is absent, filled in later, or a word of `T`.
fn is_word<T: DeserializeOwned>(with: &Map<String, Value>, key: &str) -> bool {
    with.get(key).is_none_or(|value| {
        value.as_str().is_some_and(is_interpolated) || serde_json::from_value::<T>(value.clone()).is_ok()
    })
}
