//! What clients send is understood, and what is answered has the words of the API.

use super::*;
use serde_json::json;

#[test]
fn nulls_and_numbers_as_texts_are_understood() {
    let range: ValueRange =
        serde_json::from_value(json!({"values": [["a", null, 1.5, true]], "majorDimension": null})).unwrap();
    assert_eq!(range.major_dimension, None);
    assert_eq!(range.values.unwrap()[0][1], Value::Null);
    let grid: GridRange =
        serde_json::from_value(json!({"sheetId": "7", "startRowIndex": 1.0, "endRowIndex": null})).unwrap();
    assert_eq!(
        (grid.sheet_id, grid.start_row_index, grid.end_row_index),
        (Some(7), Some(1), None)
    );
}

#[test]
fn a_number_that_is_none_is_refused_by_its_words() {
    let refused = serde_json::from_value::<GridRange>(json!({"sheetId": "seven"}));
    assert!(
        refused
            .unwrap_err()
            .to_string()
            .contains("\"seven\" is not a whole number")
    );
}

#[test]
fn changes_are_read_by_name_and_written_the_same() {
    let batch = json!({"requests": [
        {"addSheet": {"properties": {"title": "RunLog", "gridProperties": {"rowCount": 9}}}, "deleteSheet": null},
        {"createDeveloperMetadata": {"developerMetadata": {"metadataKey": "initiative_key", "metadataValue": "INIT-1",
            "visibility": "DOCUMENT", "location": {"dimensionRange": {"sheetId": 0, "dimension": "ROWS", "startIndex": 1, "endIndex": 2}}}}},
        {"autoResizeDimensions": {}},
    ]});
    let read: BatchUpdateSpreadsheetRequest = serde_json::from_value(batch).unwrap();
    let requests = read.requests.unwrap();
    let names: Vec<&str> = requests.iter().map(Request::name).collect();
    assert_eq!(names, ["addSheet", "createDeveloperMetadata", "autoResizeDimensions"]);
    assert_eq!(
        serde_json::to_value(&requests[0]).unwrap(),
        json!({"addSheet": {"properties": {"title": "RunLog", "gridProperties": {"rowCount": 9}}}})
    );
}

#[test]
fn a_request_names_exactly_one_change() {
    for (request, words) in [
        (json!({}), "must name one change"),
        (json!({"addSheet": {}, "deleteSheet": {}}), "not both"),
        (json!({"deleteSheet": {"sheetId": []}}), "deleteSheet"),
    ] {
        let refused = serde_json::from_value::<Request>(request).unwrap_err().to_string();
        assert!(refused.contains(words), "{refused}");
    }
}

#[test]
fn a_refusal_has_the_body_of_google() {
    let refusal = Refusal::invalid("A sheet with the name \"X\" already exists.").of_request(0, "addSheet");
    assert_eq!(
        serde_json::to_value(ErrorBody::from(refusal)).unwrap(),
        json!({"error": {"code": 400, "status": "INVALID_ARGUMENT",
            "message": "Invalid requests[0].addSheet: A sheet with the name \"X\" already exists."}})
    );
}

#[test]
fn spans_that_end_before_they_begin_are_none() {
    let range = |start, end| GridRange {
        start_row_index: start,
        end_row_index: end,
        ..GridRange::default()
    };
    assert!(range(Some(3), Some(2)).rows().is_none());
    assert!(range(Some(-1), None).rows().is_none());
    assert_eq!(range(None, None).rows(), Some(crate::a1::Span::ALL));
}
