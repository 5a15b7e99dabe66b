//! Rules of an approval step.

use super::with::Find;
use serde_json::{Map, Value};

pub(super) fn check(with: &Map<String, Value>, find: &mut Find<'_>) {
    if with.contains_key("on_timeout") && !with.contains_key("timeout_seconds") {
        let message = "Without timeout_seconds nothing ever times out; give it one, or leave on_timeout out.";
        find("with.on_timeout", message.to_owned());
    }
}
