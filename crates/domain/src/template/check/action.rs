//! Rules of an action step.

use super::with::{Find, need_text};
use serde_json::{Map, Value};

pub(super) fn check(with: &Map<String, Value>, find: &mut Find<'_>) {
    need_text(with, "action", "An action step needs the name of an action.", find);
}
