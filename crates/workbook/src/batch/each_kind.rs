//! Every kind of request does what it says, seen through what is read afterwards.

use super::*;
use crate::get::{Asked, spreadsheet};
use crate::values::{Reading, Update, get, update};
use serde_json::{Value as Json, json};
use sheets::wire::{ValueInputOption, ValueRange};

fn book() -> Workbook {
    let values = ValueRange {
        values: serde_json::from_value(json!([["a", 1], ["b", 2], ["c", 3]])).expect("rows"),
        ..ValueRange::default()
    };
    let how = Update {
        input: ValueInputOption::Raw,
        answer: None,
    };
    let empty = Workbook::new("w", "Book", "en_US", "Etc/UTC");
    update(&empty, "A1", &values, how).expect("written").workbook
}

fn run(workbook: &Workbook, requests: &Json) -> (Workbook, Json) {
    let batch = serde_json::from_value(json!({"requests": requests})).expect("a batch");
    let applied = batch_update(workbook, &batch).expect("applied");
    let replies = serde_json::to_value(&applied.answer.replies).expect("replies");
    (applied.workbook, replies)
}

fn refused(workbook: &Workbook, request: &Json) -> String {
    let batch = serde_json::from_value(json!({"requests": [request]})).expect("a batch");
    batch_update(workbook, &batch).expect_err("refused").message
}

fn values(workbook: &Workbook) -> Json {
    json!(get(workbook, "A:C", Reading::default()).expect("read").values)
}

/// The first tab as `spreadsheets.get` answers it.
fn tab(workbook: &Workbook) -> Json {
    let asked = Asked {
        ranges: Vec::new(),
        grid_data: true,
    };
    let read = spreadsheet(workbook, &asked).expect("read");
    serde_json::to_value(read).expect("JSON")["sheets"][0].take()
}

fn cells(rows: (u32, u32), columns: (u32, u32)) -> Json {
    json!({"sheetId": 0, "startRowIndex": rows.0, "endRowIndex": rows.1, "startColumnIndex": columns.0, "endColumnIndex": columns.1})
}

#[test]
fn inserted_cells_shift_the_others_down_or_right() {
    let range = cells((1, 2), (0, 1));
    let insert = |dimension: &str| json!([{"insertRange": {"range": range, "shiftDimension": dimension}}]);
    let (down, _) = run(&book(), &insert("ROWS"));
    assert_eq!(values(&down), json!([["a", "1"], ["", "2"], ["b", "3"], ["c"]]));
    let (right, _) = run(&book(), &insert("COLUMNS"));
    assert_eq!(values(&right), json!([["a", "1"], ["", "b", "2"], ["c", "3"]]));
}

#[test]
fn formulas_follow_the_cells_they_name_when_others_are_inserted() {
    let formula = json!({"updateCells": {"start": {"sheetId": 0, "rowIndex": 9}, "fields": "userEnteredValue",
        "rows": [{"values": [{"userEnteredValue": {"formulaValue": "=B2*10"}}]}]}});
    let insert = json!({"insertRange": {"range": cells((0, 1), (1, 2)), "shiftDimension": "ROWS"}});
    let (moved, _) = run(&book(), &json!([formula, insert]));
    let cell = &tab(&moved)["data"][0]["rowData"][9]["values"][0];
    assert_eq!(cell["userEnteredValue"]["formulaValue"], "=B3*10");
    assert_eq!(cell["effectiveValue"]["numberValue"], 20.0);
}

#[test]
fn cells_shifted_over_the_edge_make_the_grid_grow() {
    let mut book = book();
    book.sheets[0].row_count = 3;
    let whole = cells((0, 2), (0, 2));
    let (grown, _) = run(
        &book,
        &json!([{"insertRange": {"range": whole, "shiftDimension": "ROWS"}}]),
    );
    assert_eq!(grown.sheets[0].row_count, 5);
}

#[test]
fn appended_cells_stand_below_the_last_value_and_not_below_a_rule() {
    let rule = json!({"condition": {"type": "BOOLEAN"}});
    let append = json!({"appendCells": {"sheetId": 0, "fields": "userEnteredValue", "rows": [
        {"values": [{"userEnteredValue": {"stringValue": "d"}}, {"userEnteredValue": {"numberValue": 4}}]}]}});
    let (written, _) = run(
        &book(),
        &json!([{"setDataValidation": {"range": cells((0, 20), (2, 3)), "rule": rule}}, append]),
    );
    assert_eq!(values(&written)[3], json!(["d", "4"]));
}

#[test]
fn a_range_that_is_updated_is_emptied_where_nothing_is_given() {
    let update = json!({"updateCells": {"range": cells((0, 2), (0, 2)), "fields": "userEnteredValue", "rows": [
        {"values": [{"userEnteredValue": {"boolValue": true}}]}]}});
    let (written, _) = run(&book(), &json!([update]));
    assert_eq!(values(&written), json!([["TRUE"], [], ["c", "3"]]));
}

#[test]
fn a_repeated_cell_keeps_what_its_mask_leaves_out() {
    let repeat = json!({"repeatCell": {"range": cells((0, 2), (0, 1)), "fields": "note,userEnteredFormat.textFormat.bold",
        "cell": {"note": "mind this", "userEnteredFormat": {"textFormat": {"bold": true, "italic": true}}}}});
    let (written, _) = run(&book(), &json!([repeat]));
    assert_eq!(values(&written), values(&book()));
    let cell = &tab(&written)["data"][0]["rowData"][1]["values"][0];
    assert_eq!(cell["note"], "mind this");
    assert_eq!(cell["userEnteredFormat"], json!({"textFormat": {"bold": true}}));
}

#[test]
fn a_rule_for_what_may_be_typed_is_set_and_taken_away() {
    let rule = json!({"condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "rice"}]}, "strict": true});
    let range = cells((0, 2), (0, 1));
    let (ruled, _) = run(&book(), &json!([{"setDataValidation": {"range": range, "rule": rule}}]));
    assert_eq!(
        tab(&ruled)["data"][0]["rowData"][1]["values"][0]["dataValidation"],
        rule
    );
    let (free, _) = run(&ruled, &json!([{"setDataValidation": {"range": range}}]));
    assert_eq!(
        tab(&free)["data"][0]["rowData"][1]["values"][0]["dataValidation"],
        Json::Null
    );
}

#[test]
fn a_protection_is_added_changed_and_deleted_by_its_id() {
    let (guarded, replies) = run(
        &book(),
        &json!([{"addProtectedRange": {"protectedRange": {"range": cells((0, 3), (1, 2)), "description": "system"}}}]),
    );
    let id = replies[0]["addProtectedRange"]["protectedRange"]["protectedRangeId"].clone();
    assert!(id.is_number(), "{replies}");
    let change = json!({"protectedRange": {"protectedRangeId": id, "warningOnly": true}, "fields": "warningOnly"});
    let (warned, _) = run(&guarded, &json!([{"updateProtectedRange": change}]));
    let range = &tab(&warned)["protectedRanges"][0];
    assert_eq!(
        (&range["description"], &range["warningOnly"]),
        (&json!("system"), &json!(true))
    );
    let gone = json!({"deleteProtectedRange": {"protectedRangeId": id}});
    let (free, _) = run(&warned, &json!([gone]));
    assert_eq!(tab(&free)["protectedRanges"], Json::Null);
    assert!(refused(&free, &gone).contains("deleteProtectedRange"));
}

#[test]
fn looks_that_depend_on_values_are_added_in_order_and_deleted_by_place() {
    let rule = |word: &str| {
        json!({"ranges": [cells((0, 3), (0, 1))], "booleanRule": {"format": {"textFormat": {"bold": true}},
            "condition": {"type": "TEXT_STARTS_WITH", "values": [{"userEnteredValue": word}]}}})
    };
    let add = |word: &str, at: u32| json!({"addConditionalFormatRule": {"rule": rule(word), "index": at}});
    let (ruled, _) = run(&book(), &json!([add("OK", 0), add("FAILED", 0)]));
    let known = tab(&ruled)["conditionalFormats"].clone();
    assert_eq!(known, json!([rule("FAILED"), rule("OK")]));
    let (fewer, replies) = run(
        &ruled,
        &json!([{"deleteConditionalFormatRule": {"sheetId": 0, "index": 0}}]),
    );
    assert_eq!(replies[0]["deleteConditionalFormatRule"]["rule"], rule("FAILED"));
    assert_eq!(tab(&fewer)["conditionalFormats"], json!([rule("OK")]));
}

#[test]
fn a_tab_is_added_renamed_moved_and_deleted() {
    let (more, replies) = run(
        &book(),
        &json!([{"addSheet": {"properties": {"title": "RunLog", "gridProperties": {"rowCount": 9, "columnCount": 3}}}}]),
    );
    let made = &replies[0]["addSheet"]["properties"];
    assert_eq!(
        (&made["title"], &made["index"], &made["gridProperties"]["rowCount"]),
        (&json!("RunLog"), &json!(1), &json!(9))
    );
    let id = made["sheetId"].clone();
    let change = json!({"properties": {"sheetId": id, "title": "Log", "index": 0, "gridProperties": {"frozenRowCount": 4}},
        "fields": "title,index,gridProperties.frozenRowCount"});
    let (first, _) = run(&more, &json!([{"updateSheetProperties": change}]));
    let properties = tab(&first)["properties"].clone();
    assert_eq!(
        (&properties["title"], &properties["gridProperties"]["frozenRowCount"]),
        (&json!("Log"), &json!(4))
    );
    assert_eq!(properties["gridProperties"]["rowCount"], 9);
    let (one, _) = run(&first, &json!([{"deleteSheet": {"sheetId": id}}]));
    assert_eq!(one.sheets.len(), 1);
    assert!(
        !refused(&one, &json!({"deleteSheet": {"sheetId": 0}})).is_empty(),
        "the last tab stays"
    );
}

#[test]
fn rows_and_columns_are_added_at_the_end_and_given_a_size() {
    let wide = json!({"range": {"sheetId": 0, "dimension": "COLUMNS", "startIndex": 1, "endIndex": 2}, "properties": {"pixelSize": 240}, "fields": "pixelSize"});
    let (grown, _) = run(
        &book(),
        &json!([
            {"appendDimension": {"sheetId": 0, "dimension": "ROWS", "length": 5}},
            {"appendDimension": {"sheetId": 0, "dimension": "COLUMNS", "length": 2}},
            {"updateDimensionProperties": wide},
        ]),
    );
    assert_eq!((grown.sheets[0].row_count, grown.sheets[0].column_count), (1005, 28));
    assert_eq!(tab(&grown)["data"][0]["columnMetadata"][1]["pixelSize"], 240);
}

#[test]
fn columns_are_inserted_moved_and_deleted_with_what_they_hold() {
    let columns =
        |start: u32, end: u32| json!({"sheetId": 0, "dimension": "COLUMNS", "startIndex": start, "endIndex": end});
    let (moved, _) = run(
        &book(),
        &json!([{"moveDimension": {"source": columns(0, 1), "destinationIndex": 2}}]),
    );
    assert_eq!(values(&moved)[0], json!(["1", "a"]));
    let (wider, _) = run(&moved, &json!([{"insertDimension": {"range": columns(1, 2)}}]));
    assert_eq!(values(&wider)[0], json!(["1", "", "a"]));
    let (fewer, _) = run(&wider, &json!([{"deleteDimension": {"range": columns(0, 2)}}]));
    assert_eq!(values(&fewer), json!([["a"], ["b"], ["c"]]));
}

#[test]
fn metadata_is_changed_and_deleted_where_it_is_found() {
    let place = json!({"dimensionRange": {"sheetId": 0, "dimension": "ROWS", "startIndex": 1, "endIndex": 2}});
    let create = json!({"createDeveloperMetadata": {"developerMetadata": {"metadataKey": "key", "metadataValue": "INIT-1", "visibility": "DOCUMENT", "location": place}}});
    let (known, _) = run(&book(), &json!([create]));
    let filter = json!({"developerMetadataLookup": {"metadataKey": "key"}});
    let change = json!({"updateDeveloperMetadata": {"dataFilters": [filter], "developerMetadata": {"metadataValue": "INIT-2"}, "fields": "metadataValue"}});
    let (changed, replies) = run(&known, &json!([change]));
    assert_eq!(
        replies[0]["updateDeveloperMetadata"]["developerMetadata"][0]["metadataValue"],
        "INIT-2"
    );
    let (gone, replies) = run(&changed, &json!([{"deleteDeveloperMetadata": {"dataFilter": filter}}]));
    assert_eq!(
        replies[0]["deleteDeveloperMetadata"]["deletedDeveloperMetadata"][0]["metadataKey"],
        "key"
    );
    assert!(
        crate::metadata::places(
            &gone,
            &serde_json::from_value(json!({"metadataKey": "key"})).expect("a lookup")
        )
        .is_empty()
    );
}

#[test]
fn title_locale_and_zone_are_changed_by_mask() {
    let change = json!({"updateSpreadsheetProperties": {"properties": {"title": "New", "locale": "de_DE", "timeZone": "Europe/Berlin"}, "fields": "title,locale"}});
    let (changed, _) = run(&book(), &json!([change]));
    assert_eq!(
        (
            changed.title.as_str(),
            changed.locale.as_str(),
            changed.time_zone.as_str()
        ),
        ("New", "de_DE", "Etc/UTC")
    );
}

#[test]
fn a_kind_that_nobody_here_serves_is_named() {
    assert_eq!(
        refused(&book(), &json!({"autoResizeDimensions": {}})),
        "Invalid requests[0].autoResizeDimensions: Runboard does not serve the request kind autoResizeDimensions."
    );
}
