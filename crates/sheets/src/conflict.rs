//! Three values of one cell: the one last seen, the one in the sheet now, the one in the system now.

use crate::values::{is_blank, text};
use serde_json::Value;

/// What to do with a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Sheet and system say the same.
    Nothing,
    /// Only the sheet was changed: the system takes its value.
    TakeSheet,
    /// Only the system was changed: the sheet takes its value.
    TakeSystem,
    /// Both were changed, and not to the same: a person decides.
    Conflict,
}

/// Decides by what was changed since the cell was last seen. A cell that was never seen counts as having been blank.
pub fn decide(last_seen: Option<&Value>, sheet_now: &Value, system_now: &Value) -> Decision {
    let before = last_seen.unwrap_or(&Value::Null);
    if same(sheet_now, system_now) {
        Decision::Nothing
    } else if same(before, system_now) {
        Decision::TakeSheet
    } else if same(before, sheet_now) {
        Decision::TakeSystem
    } else {
        Decision::Conflict
    }
}

/// The one spelling of a cell by which it is compared and remembered: blank is blank, `2` is `2.0`, and a box that is
/// not ticked is a blank one.
pub fn canonical(cell: &Value) -> String {
    match cell {
        cell if is_blank(cell) => String::new(),
        Value::Bool(false) => String::new(),
        Value::String(text) => text.trim().to_owned(),
        other => text(other),
    }
}

fn same(one: &Value, other: &Value) -> bool {
    canonical(one) == canonical(other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_was_changed_on_one_side_only_is_taken_over() {
        assert_eq!(decide(Some(&json!("a")), &json!("b"), &json!("a")), Decision::TakeSheet);
        assert_eq!(
            decide(Some(&json!("a")), &json!("a"), &json!("b")),
            Decision::TakeSystem
        );
        assert_eq!(decide(Some(&json!("a")), &json!(""), &json!("a")), Decision::TakeSheet);
    }

    #[test]
    fn what_was_changed_on_both_sides_is_a_conflict_unless_it_is_the_same() {
        assert_eq!(decide(Some(&json!("a")), &json!("b"), &json!("c")), Decision::Conflict);
        assert_eq!(decide(Some(&json!("a")), &json!("b"), &json!("b")), Decision::Nothing);
        assert_eq!(decide(Some(&json!(1)), &json!(""), &json!(2)), Decision::Conflict);
    }

    #[test]
    fn a_cell_that_was_never_seen_is_filled_but_never_overwritten() {
        assert_eq!(decide(None, &json!("mine"), &json!(null)), Decision::TakeSheet);
        assert_eq!(decide(None, &json!(null), &json!(3)), Decision::TakeSystem);
        assert_eq!(decide(None, &json!("mine"), &json!("ours")), Decision::Conflict);
        assert_eq!(decide(None, &json!(""), &json!(null)), Decision::Nothing);
    }

    #[test]
    fn the_same_value_in_another_spelling_is_no_change() {
        assert_eq!(decide(Some(&json!(2)), &json!(2.0), &json!(3)), Decision::TakeSystem);
        assert_eq!(
            decide(Some(&json!(null)), &json!(false), &json!(true)),
            Decision::TakeSystem
        );
        assert_eq!(decide(Some(&json!("a ")), &json!("a"), &json!("a")), Decision::Nothing);
    }
}
