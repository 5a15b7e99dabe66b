//! For tests: whether a kind reads from `with` what the published schema names.

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Checks that `With` knows the properties of `definition`, such as `mcp/properties/server`, and no others.
pub(super) fn agrees<With: DeserializeOwned>(definition: &str) {
    let schema: Value = serde_json::from_str(runs::template::SCHEMA).unwrap();
    let published = schema
        .pointer(&format!("/$defs/{definition}/properties"))
        .and_then(Value::as_object)
        .unwrap_or_else(|| panic!("the schema has no {definition}"));
    let published: BTreeSet<&str> = published.keys().map(String::as_str).collect();
    let Err(refused) = serde_json::from_value::<With>(json!({"no such field": 1})) else {
        panic!("{definition} takes fields that nobody knows")
    };
    // It is refused with a list of the fields that are known, each between backticks.
    let refused = refused.to_string();
    let known: BTreeSet<&str> = refused.split('`').skip(1).step_by(2).skip(1).collect();
    assert_eq!(known, published, "{definition}");
}
