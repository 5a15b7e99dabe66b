//! Rules of a shell step.

use super::with::{Find, need_text, refuse_values_in_script};
use serde_json::{Map, Value};

pub(super) fn check(with: &Map<String, Value>, find: &mut Find<'_>) {
    need_text(with, "script", "A shell step needs a script.", find);
    refuse_values_in_script(with, find);
}
