//! Rules of an api step.

use super::with::{Find, need_text};
use serde_json::{Map, Value};

pub(super) fn check(with: &Map<String, Value>, find: &mut Find<'_>) {
    need_text(with, "url", "An api step needs a url.", find);
    if with.contains_key("body") && with.contains_key("json") {
        find("with.json", "A request has either body or json, not both.".to_owned());
    }
}
