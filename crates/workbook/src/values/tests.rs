use serde_json::{Value as Json, json};
use sheets::wire::{
    BatchUpdateValuesRequest, Dimension, InsertDataOption, ValueInputOption, ValueRange, ValueRenderOption,
};

use super::*;

fn book(locale: &str) -> Workbook {
    Workbook::new("w", "Book", locale, "Etc/UTC")
}

fn lines(values: Json) -> ValueRange {
    ValueRange {
        values: serde_json::from_value(values).expect("lines"),
        ..ValueRange::default()
    }
}

const RAW: Update = Update {
    input: ValueInputOption::Raw,
    answer: None,
};
const TYPED: Update = Update {
    input: ValueInputOption::UserEntered,
    answer: None,
};

fn written(workbook: &Workbook, range: &str, values: Json, how: Update) -> Workbook {
    update(workbook, range, &lines(values), how).expect("written").workbook
}

fn read(workbook: &Workbook, range: &str, values: ValueRenderOption) -> Json {
    let reading = Reading {
        values,
        ..Reading::default()
    };
    json!(get(workbook, range, reading).expect("read").values)
}

#[test]
fn trailing_empties_are_left_out() {
    let book = written(&book("en_US"), "A1", json!([["a", "", "c"], [], ["", ""], ["d"]]), RAW);
    assert_eq!(
        read(&book, "A1:Z100", ValueRenderOption::FormattedValue),
        json!([["a", "", "c"], [], [], ["d"]])
    );
    assert_eq!(read(&book, "F1:G9", ValueRenderOption::FormattedValue), Json::Null);
    let by_column = Reading {
        dimension: Dimension::Columns,
        ..Reading::default()
    };
    let columns = get(&book, "Sheet1", by_column).expect("read");
    assert_eq!(columns.range.as_deref(), Some("Sheet1!A1:Z1000"));
    assert_eq!(json!(columns.values), json!([["a", "", "", "d"], [], ["c"]]));
}

#[test]
fn null_leaves_a_cell_and_an_empty_text_clears_it() {
    let book = written(&book("en_US"), "A1", json!([["a", "b", "c"]]), RAW);
    let book = written(&book, "A1", json!([[null, "", "C"]]), RAW);
    assert_eq!(
        read(&book, "A1:C1", ValueRenderOption::FormattedValue),
        json!([["a", "", "C"]])
    );
}

#[test]
fn raw_text_that_begins_with_an_equals_sign_stays_text() {
    let book = written(&book("en_US"), "A1", json!([["=1+2", "7", true, 1.5]]), RAW);
    assert_eq!(
        read(&book, "A1:D1", ValueRenderOption::Formula),
        json!([["=1+2", "7", true, 1.5]])
    );
    assert_eq!(read(&book, "A1", ValueRenderOption::FormattedValue), json!([["=1+2"]]));
    assert_eq!(
        book.sheets[0].cell(0, 0).map(|cell| &cell.value),
        Some(&crate::model::Value::Text("=1+2".into()))
    );
}

#[test]
fn typed_values_follow_the_locale_of_the_workbook() {
    let german = written(
        &book("de_DE"),
        "A1",
        json!([["1,5", "1.234,5", "10%", "31.12.2026", "true", "'=x", "3 €"]]),
        TYPED,
    );
    let plain = json!([[1.5, 1234.5, 0.1, 46387, true, "=x", 3]]);
    assert_eq!(read(&german, "A1:G1", ValueRenderOption::UnformattedValue), plain);
    let shown = json!([["1,5", "1234,5", "10%", "31.12.2026", "TRUE", "=x", "3,00 €"]]);
    assert_eq!(read(&german, "A1:G1", ValueRenderOption::FormattedValue), shown);
    let english = written(
        &book("en_US"),
        "A1",
        json!([["1,5", "1,234.5", "12/31/2026", "$100.15"]]),
        TYPED,
    );
    assert_eq!(
        read(&english, "A1:D1", ValueRenderOption::UnformattedValue),
        json!([["1,5", 1234.5, 46387, 100.15]])
    );
}

#[test]
fn writing_begins_inside_the_grid_and_stays_inside_its_range() {
    let book = book("en_US");
    let outside = update(&book, "Sheet1!A1001", &lines(json!([["x"]])), RAW).expect_err("refused");
    assert!(
        outside
            .message
            .contains("exceeds grid limits. Max rows: 1000, max columns: 26"),
        "{outside}"
    );
    let wide = update(&book, "A1:B2", &lines(json!([["x", "y", "z"]])), RAW).expect_err("refused");
    assert!(wide.message.contains("tried writing to column [C]"), "{wide}");
    let unknown = update(&book, "Foo!A1", &lines(json!([["x"]])), RAW).expect_err("refused");
    assert_eq!(unknown.message, "Unable to parse range: Foo!A1");
}

#[test]
fn a_batch_is_written_whole_or_not_at_all() {
    let book = book("en_US");
    let body = json!({"valueInputOption": "RAW", "data": [
        {"range": "A1", "values": [["x"]]}, {"range": "Nowhere!A1", "values": [["y"]]}]});
    let request: BatchUpdateValuesRequest = serde_json::from_value(body).expect("a request");
    assert!(batch_update(&book, &request).is_err());
    assert_eq!(read(&book, "A1", ValueRenderOption::FormattedValue), Json::Null);
}

#[test]
fn appended_rows_stand_below_the_table_and_the_grid_grows() {
    let mut book = written(&book("en_US"), "B2", json!([["k", "v"], ["1", "2"]]), RAW);
    book.sheets[0].row_count = 3;
    let how = Append {
        input: ValueInputOption::Raw,
        insert: InsertDataOption::Overwrite,
        answer: None,
    };
    let applied = append(&book, "Sheet1", &lines(json!([["3", "4"]])), how).expect("appended");
    assert_eq!(applied.answer.table_range.as_deref(), Some("Sheet1!B2:C3"));
    assert_eq!(
        applied
            .answer
            .updates
            .and_then(|updates| updates.updated_range)
            .as_deref(),
        Some("Sheet1!B4:C4")
    );
    assert_eq!(applied.workbook.sheets[0].row_count, 4);
}

#[test]
fn edits_say_what_stood_there_before() {
    let book = written(&book("en_US"), "A1", json!([["old"]]), RAW);
    let applied = update(&book, "A1", &lines(json!([["new"]])), RAW).expect("written");
    let [edit] = applied.changes.edits.as_slice() else {
        panic!("one edit, not {:?}", applied.changes.edits)
    };
    assert_eq!(
        (&edit.before, &edit.after),
        (
            &crate::model::Value::Text("old".into()),
            &crate::model::Value::Text("new".into())
        )
    );
    assert_eq!(edit.row_uid, book.sheets[0].rows[&0].uid);
    let cleared = clear(&applied.workbook, "A1").expect("cleared");
    assert_eq!(cleared.changes.removed_rows, vec![(0, edit.row_uid)]);
}

#[test]
fn hostile_sizes_are_refused_with_a_reason() {
    let book = book("en_US");
    let long = "x".repeat(50_001);
    assert!(update(&book, "A1", &lines(json!([[long]])), RAW).is_err());
    assert!(get(&book, "A1:ZZZ9999999", Reading::default()).is_ok());
}
