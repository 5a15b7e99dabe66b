//! Rules of an agent step.

use super::with::{Find, need_text};
use serde_json::{Map, Value};

pub(super) fn check(with: &Map<String, Value>, find: &mut Find<'_>) {
    need_text(with, "adapter", "An agent step needs the address of its adapter.", find);
}
