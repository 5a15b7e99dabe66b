//! Field masks: which part of an answer somebody wants, or of a change somebody means.
//!
//! `sheets(properties,data.rowData.values),spreadsheetId`, with `.` or `/` between names and `*` for all of them.

use serde_json::Value;
use std::collections::BTreeMap;

/// A mask.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mask {
    /// `None` takes everything; otherwise these fields, each by its own mask.
    fields: Option<BTreeMap<String, Mask>>,
}

/// Parentheses may be nested so deep.
const DEEPEST: usize = 32;

/// A mask that nobody can read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "Invalid field mask {0:?}: write names with commas between them, such as sheets(properties,data),spreadsheetId"
)]
pub struct Unreadable(pub String);

impl Mask {
    /// The mask that takes everything.
    pub const ALL: Self = Self { fields: None };

    /// Reads a mask; an empty one takes everything.
    pub fn parse(text: &str) -> Result<Self, Unreadable> {
        if text.trim().is_empty() {
            return Ok(Self::ALL);
        }
        let mut rest = text.trim();
        let mask = list(&mut rest, 0).filter(|_| rest.is_empty());
        mask.ok_or_else(|| Unreadable(text.to_owned()))
    }

    /// The mask of a field; `None` when it is left out.
    pub fn of(&self, field: &str) -> Option<&Self> {
        static ALL: Mask = Mask::ALL;
        match &self.fields {
            None => Some(&ALL),
            Some(fields) => fields.get(field),
        }
    }

    /// Whether a path such as `["userEnteredFormat", "numberFormat"]` is in it, whole or in part.
    pub fn has(&self, path: &[&str]) -> bool {
        let mut mask = self;
        for field in path {
            match mask.of(field) {
                Some(inner) => mask = inner,
                None => return false,
            }
        }
        true
    }

    /// Takes out of `value` whatever is not in the mask; a list is masked item by item.
    pub fn prune(&self, value: &mut Value) {
        let Some(fields) = &self.fields else { return };
        match value {
            Value::Object(object) => {
                object.retain(|name, _| fields.contains_key(name));
                for (name, inner) in object.iter_mut() {
                    if let Some(mask) = fields.get(name) {
                        mask.prune(inner);
                    }
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.prune(item)),
            _ => {}
        }
    }

    fn add(&mut self, field: String, inner: Self) {
        let Some(fields) = &mut self.fields else { return };
        match fields.get_mut(&field) {
            None => {
                fields.insert(field, inner);
            }
            Some(known) => known.merge(inner),
        }
    }

    fn merge(&mut self, other: Self) {
        match other.fields {
            None => self.fields = None,
            Some(fields) => fields.into_iter().for_each(|(field, inner)| self.add(field, inner)),
        }
    }
}

/// Paths with commas between them.
fn list(rest: &mut &str, depth: usize) -> Option<Mask> {
    let mut mask = Mask {
        fields: Some(BTreeMap::new()),
    };
    loop {
        mask.merge(path(rest, depth)?);
        match rest.strip_prefix(',') {
            Some(after) => *rest = after,
            None => return Some(mask),
        }
    }
}

/// Names with `.` or `/` between them; the last may have a list in parentheses.
fn path(rest: &mut &str, depth: usize) -> Option<Mask> {
    if depth > DEEPEST {
        return None;
    }
    *rest = rest.trim_start();
    let end = rest
        .find(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_' || letter == '*'))
        .unwrap_or(rest.len());
    let (name, after) = rest.split_at(end);
    *rest = after.trim_start();
    if name.is_empty() {
        return None;
    }
    let inner = if let Some(after) = rest.strip_prefix(['.', '/']) {
        *rest = after;
        path(rest, depth + 1)?
    } else if let Some(after) = rest.strip_prefix('(') {
        *rest = after;
        let inner = list(rest, depth + 1)?;
        *rest = rest.strip_prefix(')')?.trim_start();
        inner
    } else {
        Mask::ALL
    };
    if name == "*" {
        return Some(inner);
    }
    Some(Mask {
        fields: Some(BTreeMap::from([(snake_to_camel(name), inner)])),
    })
}

/// Clients in Python write `user_entered_value`, others `userEnteredValue`.
fn snake_to_camel(name: &str) -> String {
    let mut camel = String::with_capacity(name.len());
    let mut is_next_big = false;
    for letter in name.chars() {
        if letter == '_' {
            is_next_big = true;
        } else if std::mem::take(&mut is_next_big) {
            camel.push(letter.to_ascii_uppercase());
        } else {
            camel.push(letter);
        }
    }
    camel
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn pruned(mask: &str) -> Value {
        let mut value = json!({
            "spreadsheetId": "abc",
            "sheets": [{"properties": {"title": "T", "sheetId": 0}, "data": [{"rowData": [{"values": [{"note": "n"}]}]}]}],
        });
        Mask::parse(mask).unwrap().prune(&mut value);
        value
    }

    #[test]
    fn only_what_is_named_stays() {
        assert_eq!(pruned("spreadsheetId"), json!({"spreadsheetId": "abc"}));
        let titles = json!({"sheets": [{"properties": {"title": "T"}}]});
        assert_eq!(pruned("sheets.properties.title"), titles);
        assert_eq!(pruned("sheets/properties/title"), titles);
        assert_eq!(pruned("sheets(properties(title))"), titles);
        assert_eq!(pruned("sheets(properties.title, nothing),what"), titles);
        assert_eq!(pruned("*"), pruned(""));
    }

    #[test]
    fn two_paths_into_one_field_are_one_mask() {
        let both = pruned("sheets.properties.title,sheets.properties.sheetId");
        assert_eq!(both, json!({"sheets": [{"properties": {"title": "T", "sheetId": 0}}]}));
        assert_eq!(
            pruned("sheets,sheets.properties.title")["sheets"][0]["data"],
            pruned("")["sheets"][0]["data"]
        );
        assert_eq!(
            Mask::parse("user_entered_value").unwrap(),
            Mask::parse("userEnteredValue").unwrap()
        );
    }

    #[test]
    fn a_mask_without_sense_is_refused() {
        for text in ["sheets(", "sheets)", "a,,b", "a.", ",", "a b", &"a(".repeat(99)] {
            assert!(Mask::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_change_asks_which_fields_are_meant() {
        let mask = Mask::parse("userEnteredFormat.numberFormat,note").unwrap();
        assert!(
            mask.has(&["note"])
                && mask.has(&["userEnteredFormat"])
                && mask.has(&["userEnteredFormat", "numberFormat", "pattern"])
        );
        assert!(!mask.has(&["userEnteredFormat", "textFormat"]));
    }
}
