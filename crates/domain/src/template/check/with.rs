//! What the rules of several kinds look at in `with`.

use serde_json::{Map, Value};

/// Takes one finding: the place inside the step, and a sentence.
pub(super) type Find<'f> = dyn FnMut(&str, String) + 'f;

/// The text under `key`, if it is one.
pub(super) fn text<'w>(with: &'w Map<String, Value>, key: &str) -> Option<&'w str> {
    with.get(key).and_then(Value::as_str)
}

/// Says so when the text under `key` is missing.
pub(super) fn need_text(with: &Map<String, Value>, key: &str, sentence: &str, find: &mut Find<'_>) {
    if text(with, key).is_none_or(|text| text.trim().is_empty()) {
        find(&format!("with.{key}"), sentence.to_owned());
    }
}

/// Whether values would be filled into `text`.
pub(super) fn is_interpolated(text: &str) -> bool {
    text.contains("{{") || text.contains("{%")
}

/// A program that is read from a text must be the one its author wrote: a value inside it could be a
/// program too.
pub(super) fn refuse_values_in_script(with: &Map<String, Value>, find: &mut Find<'_>) {
    if text(with, "script").is_some_and(is_interpolated) {
        let message = "Values reach a script only through env or args; write {{ … }} there and use $NAME here.";
        find("with.script", message.to_owned());
    }
}
