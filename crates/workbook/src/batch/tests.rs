use proptest::prelude::*;
use serde_json::{Value as Json, json};
use sheets::wire::{BatchUpdateSpreadsheetResponse, ValueInputOption, ValueRange};

use super::*;
use crate::values::{Reading, Update, get, update};

fn book(rows: &Json) -> Workbook {
    let values = ValueRange {
        values: serde_json::from_value(rows.clone()).expect("rows"),
        ..ValueRange::default()
    };
    let how = Update {
        input: ValueInputOption::Raw,
        answer: None,
    };
    update(&Workbook::new("w", "Book", "en_US", "Etc/UTC"), "A1", &values, how)
        .expect("written")
        .workbook
}

fn run(workbook: &Workbook, requests: impl Into<Json>) -> Result<Applied<BatchUpdateSpreadsheetResponse>, Refusal> {
    batch_update(
        workbook,
        &serde_json::from_value(json!({"requests": requests.into()})).expect("a batch"),
    )
}

fn values(workbook: &Workbook) -> Json {
    json!(get(workbook, "A:B", Reading::default()).expect("read").values)
}

fn rows(start: u32, end: u32) -> Json {
    json!({"sheetId": 0, "dimension": "ROWS", "startIndex": start, "endIndex": end})
}

#[test]
fn metadata_of_a_row_goes_where_the_row_goes() {
    let book = book(&json!([["b"], ["a"]]));
    let metadata = json!({"metadataKey": "k", "metadataValue": "INIT-1", "visibility": "DOCUMENT",
        "location": {"dimensionRange": rows(0, 1)}});
    let steps = json!([
        {"createDeveloperMetadata": {"developerMetadata": metadata}},
        {"insertDimension": {"range": rows(0, 1)}},
        {"sortRange": {"range": {"sheetId": 0}, "sortSpecs": [{"dimensionIndex": 0}]}}]);
    let applied = run(&book, steps).expect("applied");
    assert_eq!(values(&applied.workbook), json!([["a"], ["b"]]));
    let lookup = serde_json::from_value(json!({"metadataKey": "k"})).expect("a lookup");
    assert_eq!(crate::metadata::places(&applied.workbook, &lookup)[0].rows, 1..2);
}

#[test]
fn a_refused_request_names_itself_and_leaves_everything() {
    let book = book(&json!([["a"]]));
    let steps = json!([{"deleteDimension": {"range": rows(0, 1)}}, {"addSheet": {"properties": {"title": "Sheet1"}}}]);
    let refusal = run(&book, steps).expect_err("refused");
    let expected =
        "Invalid requests[1].addSheet: A sheet with the name \"Sheet1\" already exists. Please enter another name.";
    assert_eq!(refusal.message, expected);
    assert_eq!(values(&book), json!([["a"]]));
}

#[test]
fn protections_grow_with_rows_put_into_them_and_go_with_the_last() {
    let book = book(&json!([["a"]]));
    let range = json!({"sheetId": 0, "startRowIndex": 2, "endRowIndex": 4});
    let steps = json!([{"addProtectedRange": {"protectedRange": {"range": range}}},
        {"insertDimension": {"range": rows(3, 5)}}]);
    let grown = run(&book, steps).expect("applied").workbook;
    let range = grown.sheets[0].protected_ranges[0].range.clone().expect("a range");
    assert_eq!((range.start_row_index, range.end_row_index), (Some(2), Some(6)));
    let gone = run(&grown, json!([{"deleteDimension": {"range": rows(1, 7)}}]))
        .expect("applied")
        .workbook;
    assert!(gone.sheets[0].protected_ranges.is_empty());
}

#[test]
fn repeat_cell_writes_only_what_its_mask_names() {
    let book = book(&json!([["a"]]));
    let steps = json!([{"repeatCell": {"range": {"sheetId": 0, "endRowIndex": 1, "endColumnIndex": 2},
        "cell": {"userEnteredFormat": {"textFormat": {"bold": true}}, "note": "no"},
        "fields": "userEnteredFormat.textFormat.bold"}}]);
    let applied = run(&book, steps).expect("applied");
    let cell = applied.workbook.sheets[0].cell(0, 0).expect("a cell");
    assert_eq!(cell.note, None);
    let text = cell.format.as_ref().and_then(|format| format.text_format.as_ref());
    assert_eq!(text.and_then(|text| text.bold), Some(true));
    assert_eq!(values(&applied.workbook), json!([["a"]]));
    assert!(applied.changes.edits.is_empty());
}

#[test]
fn cells_beside_a_sorted_range_keep_their_position() {
    let book = book(&json!([["b", "one"], ["a", "two"]]));
    let range = json!({"sheetId": 0, "endRowIndex": 2, "endColumnIndex": 1});
    let steps = json!([{"sortRange": {"range": range, "sortSpecs": [{"dimensionIndex": 0}]}}]);
    assert_eq!(
        values(&run(&book, steps).expect("applied").workbook),
        json!([["a", "one"], ["b", "two"]])
    );
}

#[test]
fn cells_below_or_beside_a_deleted_range_take_its_place() {
    let book = book(&json!([["a", "1"], ["b", "2"], ["c", "3"]]));
    let range = json!({"sheetId": 0, "startRowIndex": 0, "endRowIndex": 1, "endColumnIndex": 1});
    let up = run(
        &book,
        json!([{"deleteRange": {"range": range, "shiftDimension": "ROWS"}}]),
    )
    .expect("applied");
    assert_eq!(values(&up.workbook), json!([["b", "1"], ["c", "2"], ["", "3"]]));
    let left = run(
        &book,
        json!([{"deleteRange": {"range": range, "shiftDimension": "COLUMNS"}}]),
    )
    .expect("applied");
    assert_eq!(values(&left.workbook), json!([["1"], ["b", "2"], ["c", "3"]]));
}

/// A plain list of rows, each a uid and a text, that does the same steps the simple way.
fn naive(list: &mut Vec<Option<(i64, String)>>, step: &(u8, usize, usize)) -> Json {
    let (kind, from, to) = *step;
    let (from, to) = (from.min(list.len() - 1), to.min(list.len() - 1));
    match kind {
        0 => {
            list.insert(from, None);
            json!({"insertDimension": {"range": rows(from as u32, from as u32 + 1)}})
        }
        1 if list.len() > 2 => {
            list.remove(from);
            json!({"deleteDimension": {"range": rows(from as u32, from as u32 + 1)}})
        }
        2 => {
            let row = list.remove(from);
            list.insert(if to > from { to - 1 } else { to }, row);
            json!({"moveDimension": {"source": rows(from as u32, from as u32 + 1), "destinationIndex": to}})
        }
        _ => {
            list.sort_by_key(|row| (row.is_none(), row.as_ref().map(|row| row.1.clone())));
            json!({"sortRange": {"range": {"sheetId": 0}, "sortSpecs": [{"dimensionIndex": 0}]}})
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn rows_keep_their_identity_and_values_together(steps in prop::collection::vec((0..4_u8, 0..12_usize, 0..12_usize), 1..20)) {
        let mut workbook = book(&json!([["d"], ["a"], ["c"], ["b"], ["e"]]));
        workbook.sheets[0].row_count = 8;
        let mut list: Vec<Option<(i64, String)>> = (0..8_u32)
            .map(|at| workbook.sheets[0].rows.get(&at).map(|row| (row.uid, ["d", "a", "c", "b", "e"][at as usize].to_owned())))
            .collect();
        for step in &steps {
            let request = naive(&mut list, step);
            workbook = run(&workbook, json!([request])).expect("applied").workbook;
            prop_assert_eq!(workbook.sheets[0].row_count as usize, list.len());
            for (at, row) in list.iter().enumerate() {
                let real = workbook.sheets[0].rows.get(&(at as u32)).map(|row| {
                    let shown = crate::render::formatted(&row.cells[&0], sheets::values::Locale::of("en_US"));
                    (row.uid, shown)
                });
                prop_assert_eq!(&real, row);
            }
        }
    }
}
