//! Rows: found by key, never by number.

use crate::{headers::Headers, values};
use serde_json::Value;
use std::{collections::HashMap, fmt};

/// What tells one row of a tab from the others.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RowKey(Vec<String>);

impl RowKey {
    /// The key with these parts; `None` when the first one is blank.
    pub fn new<Part: Into<String>>(parts: impl IntoIterator<Item = Part>) -> Option<Self> {
        let parts: Vec<String> = parts.into_iter().map(|part| part.into().trim().to_owned()).collect();
        parts
            .first()
            .is_some_and(|first| !first.is_empty())
            .then_some(Self(parts))
    }

    /// Its parts, in the order of the identity of the tab.
    pub fn parts(&self) -> &[String] {
        &self.0
    }
}

impl fmt::Display for RowKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let said: Vec<&str> = self
            .0
            .iter()
            .map(String::as_str)
            .filter(|part| !part.is_empty())
            .collect();
        f.write_str(&said.join(" / "))
    }
}

/// Where a key stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing<'r> {
    /// In this row, counted from 1.
    At(u32),
    /// In none.
    Gone,
    /// In several, each counted from 1.
    Twice(&'r [u32]),
}

/// The rows of one sheet by key.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rows {
    places: HashMap<RowKey, Vec<u32>>,
    order: Vec<RowKey>,
    without_key: Vec<u32>,
}

impl Rows {
    /// Finds the keys in the data of a sheet. `data` is everything from row `first_row` (counted from 1) to the end of
    /// what is used, each row from its first column on; a gap of blank rows ends nothing.
    pub fn index(headers: &Headers, first_row: u32, data: &[Vec<Value>]) -> Self {
        let identity: Vec<Option<u32>> = headers
            .tab
            .identity
            .iter()
            .map(|header| headers.column(header).map(|found| found.at))
            .collect();
        let mut rows = Self::default();
        for (number, cells) in (first_row..).zip(data) {
            let parts = identity.iter().map(|at| {
                let cell = at.and_then(|at| cells.get(at as usize));
                cell.map(values::key).unwrap_or_default()
            });
            match RowKey::new(parts) {
                Some(key) => rows.put(key, number),
                None if cells.iter().any(says_something) => rows.without_key.push(number),
                None => {}
            }
        }
        rows
    }

    fn put(&mut self, key: RowKey, number: u32) {
        let places = self.places.entry(key.clone()).or_default();
        if places.is_empty() {
            self.order.push(key);
        }
        places.push(number);
    }

    /// Where a key stands.
    pub fn find(&self, key: &RowKey) -> Standing<'_> {
        match self.places(key) {
            [] => Standing::Gone,
            [row] => Standing::At(*row),
            rows => Standing::Twice(rows),
        }
    }

    /// Every row in which a key stands, counted from 1.
    pub fn places(&self, key: &RowKey) -> &[u32] {
        self.places.get(key).map_or(&[], Vec::as_slice)
    }

    /// The keys that stand in one row, with that row, from top to bottom.
    pub fn unique(&self) -> impl Iterator<Item = (&RowKey, u32)> {
        self.order.iter().filter_map(|key| match self.places(key) {
            [row] => Some((key, *row)),
            _ => None,
        })
    }

    /// The keys that stand in several rows, with those rows, from top to bottom.
    pub fn duplicates(&self) -> impl Iterator<Item = (&RowKey, &[u32])> {
        self.order
            .iter()
            .map(|key| (key, self.places(key)))
            .filter(|(_, rows)| rows.len() > 1)
    }

    /// Rows that say something but have no key, counted from 1.
    pub fn without_key(&self) -> &[u32] {
        &self.without_key
    }

    /// How many different keys there are.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether no row has a key.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// The last row with a key, counted from 1.
    pub fn last(&self) -> Option<u32> {
        self.places.values().flatten().copied().max()
    }
}

/// A box that is not ticked stands in every row of a column of boxes and says nothing.
fn says_something(cell: &Value) -> bool {
    !values::is_blank(cell) && *cell != Value::Bool(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tabs::{PARAMS, SCORING_INPUTS, Tab};
    use serde_json::json;

    fn index(tab: &'static Tab, header: &[&str], data: &[Value]) -> Rows {
        let header: Vec<Value> = header.iter().map(|text| json!(text)).collect();
        let (headers, _) = Headers::judge(tab, &header);
        let data: Vec<Vec<Value>> = data.iter().map(|row| row.as_array().cloned().unwrap()).collect();
        Rows::index(&headers, 5, &data)
    }

    fn key(parts: &[&str]) -> RowKey {
        RowKey::new(parts.iter().copied()).unwrap()
    }

    #[test]
    fn keys_lead_to_their_rows_wherever_the_key_column_stands() {
        let rows = index(
            &SCORING_INPUTS,
            &["notes", "Initiative Key"],
            &[json!(["x", " INIT-1 "]), json!(["y", "INIT-2"])],
        );
        assert_eq!(rows.find(&key(&["INIT-1"])), Standing::At(5));
        assert_eq!(rows.find(&key(&["INIT-2"])), Standing::At(6));
        assert_eq!(rows.find(&key(&["INIT-3"])), Standing::Gone);
    }

    #[test]
    fn a_key_in_two_rows_names_both_and_is_no_unique_row() {
        let rows = index(
            &SCORING_INPUTS,
            &["initiative_key"],
            &[json!(["INIT-1"]), json!(["INIT-2"]), json!(["INIT-1"])],
        );
        assert_eq!(rows.find(&key(&["INIT-1"])), Standing::Twice(&[5, 7]));
        assert_eq!(rows.duplicates().count(), 1);
        assert_eq!(rows.unique().collect::<Vec<_>>(), [(&key(&["INIT-2"]), 6)]);
    }

    #[test]
    fn rows_without_a_key_are_counted_and_blank_ones_are_not() {
        let rows = index(
            &SCORING_INPUTS,
            &["initiative_key", "use_math_model", "notes"],
            &[
                json!(["", false, ""]),
                json!(["", false, "an idea"]),
                json!([]),
                json!(["#N/A", true]),
            ],
        );
        assert_eq!(rows.without_key(), [6, 8]);
        assert!(rows.is_empty());
    }

    #[test]
    fn a_long_gap_of_blank_rows_hides_nothing() {
        let mut data = vec![json!([]); 50_000];
        data[49_999] = json!(["INIT-9"]);
        let rows = index(&SCORING_INPUTS, &["initiative_key"], &data);
        assert_eq!(rows.find(&key(&["INIT-9"])), Standing::At(50_004));
        assert_eq!(rows.last(), Some(50_004));
    }

    #[test]
    fn several_columns_make_one_key() {
        let rows = index(
            &PARAMS,
            &["param_name", "initiative_key", "model_name"],
            &[json!(["reach", "INIT-1", "A"]), json!(["reach", "INIT-1", "B"])],
        );
        assert_eq!(rows.find(&key(&["INIT-1", "", "B", "reach"])), Standing::At(6));
        assert_eq!(key(&["INIT-1", "", "B", "reach"]).to_string(), "INIT-1 / B / reach");
    }
}
