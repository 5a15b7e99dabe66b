//! Cells found by metadata: they are written wherever their row stands by then.

use super::*;
use crate::batch::batch_update as change;
use serde_json::{Value as Json, json};
use sheets::wire::{
    BatchGetValuesByDataFilterRequest, BatchUpdateValuesByDataFilterRequest, DateTimeRenderOption, Dimension,
    ValueInputOption, ValueRange, ValueRenderOption,
};

/// Three rows, of which the second bears the key INIT-1; then they are sorted, and it stands third.
fn sorted() -> Workbook {
    let values = ValueRange {
        values: serde_json::from_value(json!([["b", 1], ["c", 2], ["a", 3]])).expect("rows"),
        ..ValueRange::default()
    };
    let how = Update {
        input: ValueInputOption::Raw,
        answer: None,
    };
    let empty = Workbook::new("w", "Book", "en_US", "Etc/UTC");
    let book = update(&empty, "A1", &values, how).expect("written").workbook;
    let row = json!({"sheetId": 0, "dimension": "ROWS", "startIndex": 1, "endIndex": 2});
    let steps = json!({"requests": [
        {"createDeveloperMetadata": {"developerMetadata": {"metadataKey": "initiative_key", "metadataValue": "INIT-1",
            "visibility": "DOCUMENT", "location": {"dimensionRange": row}}}},
        {"sortRange": {"range": {"sheetId": 0}, "sortSpecs": [{"dimensionIndex": 0}]}},
    ]});
    let batch = serde_json::from_value(steps).expect("a batch");
    change(&book, &batch).expect("applied").workbook
}

fn filter(value: &str) -> Json {
    json!({"developerMetadataLookup": {"metadataKey": "initiative_key", "metadataValue": value, "locationType": "ROW"}})
}

fn read(workbook: &Workbook, filters: &Json) -> Json {
    let asked: BatchGetValuesByDataFilterRequest =
        serde_json::from_value(json!({"dataFilters": filters, "valueRenderOption": "UNFORMATTED_VALUE"}))
            .expect("a request");
    let found = batch_get_by_filter(workbook, &asked).expect("read");
    serde_json::to_value(found).expect("JSON")["valueRanges"].take()
}

#[test]
fn a_row_is_written_where_it_stands_after_a_sort() {
    let asked: BatchUpdateValuesByDataFilterRequest =
        serde_json::from_value(json!({"valueInputOption": "RAW", "data": [
            {"dataFilter": filter("INIT-1"), "values": [[null, "done"]]},
            {"dataFilter": filter("INIT-404"), "values": [["nobody"]]},
        ]}))
        .expect("a request");
    let applied = batch_update_by_filter(&sorted(), &asked).expect("written");
    assert_eq!(
        (applied.answer.total_updated_cells, applied.answer.total_updated_rows),
        (Some(1), Some(1))
    );
    let rows = get(&applied.workbook, "A1:B3", Reading::default()).expect("read");
    assert_eq!(json!(rows.values), json!([["a", "3"], ["b", "1"], ["c", "done"]]));
}

#[test]
fn a_range_is_answered_once_with_every_filter_that_led_to_it() {
    let found = read(
        &sorted(),
        &json!([filter("INIT-1"), {"gridRange": {"sheetId": 0, "startRowIndex": 2, "endRowIndex": 3}}, {"a1Range": "A1"}]),
    );
    assert_eq!(found.as_array().map(Vec::len), Some(2));
    assert_eq!(found[0]["valueRange"]["values"], json!([["c", 2]]));
    assert_eq!(found[0]["dataFilters"].as_array().map(Vec::len), Some(2));
}

#[test]
fn a_filter_that_names_two_things_is_refused() {
    let both = json!({"a1Range": "A1", "gridRange": {"sheetId": 0}});
    let asked = serde_json::from_value(json!({"dataFilters": [both]})).expect("a request");
    assert!(
        batch_get_by_filter(&sorted(), &asked)
            .expect_err("refused")
            .message
            .contains("exactly one")
    );
}

#[test]
fn days_are_numbers_or_texts_and_columns_come_as_columns() {
    let typed = ValueRange {
        values: serde_json::from_value(json!([["2026-01-05"]])).expect("rows"),
        ..ValueRange::default()
    };
    let how = Update {
        input: ValueInputOption::UserEntered,
        answer: None,
    };
    let book = update(&sorted(), "C1", &typed, how).expect("written").workbook;
    let reading = |times, dimension| Reading {
        dimension,
        values: ValueRenderOption::UnformattedValue,
        times,
    };
    let serial = get(
        &book,
        "A1:C1",
        reading(DateTimeRenderOption::SerialNumber, Dimension::Rows),
    )
    .expect("read");
    assert_eq!(json!(serial.values), json!([["a", 3, 46027]]));
    let shown = get(
        &book,
        "A1:C1",
        reading(DateTimeRenderOption::FormattedString, Dimension::Columns),
    )
    .expect("read");
    assert_eq!(json!(shown.values), json!([["a"], [3], ["2026-01-05"]]));
}
