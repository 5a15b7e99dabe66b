use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::adjust::rewritten;
use super::lex::{Kind, lex};
use crate::batch::batch_update;
use crate::model::{Cell, Computed, Sheet, Value, Workbook};

fn formula(text: &str) -> Cell {
    let value = Value::Formula {
        text: text.to_owned(),
        result: Computed::Empty,
    };
    Cell {
        value,
        ..Cell::default()
    }
}

/// Tab `Data` with the numbers of 8 rows and 5 columns, and tab `Calc`, whose column A holds the given formulas.
fn book(formulas: &[String]) -> Workbook {
    let mut workbook = Workbook::new("w", "Book", "en_US", "Etc/UTC");
    workbook.sheets[0].title = "Data".to_owned();
    (workbook.sheets[0].row_count, workbook.sheets[0].column_count) = (8, 5);
    workbook.sheets.push(Sheet::new(1, "Calc"));
    for row in 0..8 {
        for column in 0..5 {
            workbook.cell_mut(0, row, column).value = Value::Number(f64::from(row * 10 + column));
        }
    }
    for (row, text) in formulas.iter().enumerate() {
        *workbook.cell_mut(1, row as u32, 0) = formula(text);
    }
    workbook
}

fn run(workbook: &Workbook, request: impl Into<Json>) -> Workbook {
    let batch = serde_json::from_value(json!({"requests": [request.into()]})).expect("a batch");
    batch_update(workbook, &batch).expect("applied").workbook
}

fn text(workbook: &Workbook, sheet: usize, row: u32, column: u32) -> String {
    match workbook.sheets[sheet].cell(row, column).map(|cell| &cell.value) {
        Some(Value::Formula { text, .. }) => text.clone(),
        other => panic!("a formula, not {other:?}"),
    }
}

fn numbers(workbook: &Workbook, formula: &str) -> Option<Vec<i64>> {
    let token = lex(formula).into_iter().find_map(|token| match token.kind {
        Kind::Reference(reference) => Some(reference),
        _ => None,
    })?;
    let sheet = &workbook.sheets[0];
    let (rows, columns) = token.within(sheet.row_count, sheet.column_count);
    let mut found = Vec::new();
    for row in rows {
        for column in columns.clone() {
            if let Some(Value::Number(number)) = sheet.cell(row, column).map(|cell| &cell.value) {
                found.push(*number as i64);
            }
        }
    }
    found.sort_unstable();
    Some(found)
}

fn request(kind: u8, by_row: bool, at: u32, to: u32, workbook: &Workbook) -> Json {
    let size = if by_row {
        workbook.sheets[0].row_count
    } else {
        workbook.sheets[0].column_count
    };
    let (start, to) = (at % size, to % (size + 1));
    let dimension = if by_row { "ROWS" } else { "COLUMNS" };
    let range =
        json!({"sheetId": 0, "dimension": dimension, "startIndex": start, "endIndex": (start + 1 + at % 2).min(size)});
    match kind {
        1 if size > 3 => json!({"deleteDimension": {"range": range}}),
        2 => json!({"moveDimension": {"source": range, "destinationIndex": to}}),
        _ => json!({"insertDimension": {"range": range}}),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn a_reference_still_names_the_same_values_or_none(
        steps in prop::collection::vec((0..3_u8, any::<bool>(), 0..8_u32, 0..9_u32), 1..8),
        cells in prop::collection::vec((0..8_u32, 0..5_u32, any::<bool>()), 1..6),
    ) {
        let formulas: Vec<String> = cells.iter().map(|(row, column, fixed)| {
            let (name, sign) = (sheets::a1::column_name(*column), if *fixed { "$" } else { "" });
            format!("=Data!{sign}{name}{sign}{}+1", row + 1)
        }).collect();
        let mut workbook = book(&formulas);
        for (kind, by_row, at, to) in steps {
            workbook = run(&workbook, request(kind, by_row, at, to, &workbook));
        }
        let alive = numbers(&workbook, "=Data!A1:ZZ1000").expect("a range");
        for (at, (row, column, _)) in cells.iter().enumerate() {
            let value = i64::from(row * 10 + column);
            let now = text(&workbook, 1, at as u32, 0);
            if alive.contains(&value) {
                prop_assert_eq!(numbers(&workbook, &now), Some(vec![value]), "{}", now);
            } else {
                prop_assert_eq!(&now, "=#REF!+1");
            }
        }
    }

    #[test]
    fn a_range_keeps_all_its_values_that_are_left(
        steps in prop::collection::vec((0..2_u8, any::<bool>(), 0..8_u32), 1..8),
        (top, bottom) in (0..8_u32, 0..8_u32), (left, right) in (0..5_u32, 0..5_u32),
    ) {
        let name = sheets::a1::column_name;
        let mut workbook = book(&[format!("=SUM(Data!{}{}:{}{})", name(left), top + 1, name(right), bottom + 1)]);
        let before = numbers(&workbook, &text(&workbook, 1, 0, 0)).expect("a range");
        for (kind, by_row, at) in steps {
            workbook = run(&workbook, request(kind, by_row, at, 0, &workbook));
        }
        let alive = numbers(&workbook, "=Data!A1:ZZ1000").expect("a range");
        let left: Vec<i64> = before.into_iter().filter(|value| alive.contains(value)).collect();
        prop_assert_eq!(numbers(&workbook, &text(&workbook, 1, 0, 0)).unwrap_or_default(), left);
    }
}

#[test]
fn a_range_moves_with_all_its_rows_and_only_then() {
    let moved = |formula: &str, start: u32, end: u32, to: u32| {
        let range = json!({"sheetId": 0, "dimension": "ROWS", "startIndex": start, "endIndex": end});
        let request = json!({"moveDimension": {"source": range, "destinationIndex": to}});
        text(&run(&book(&[formula.to_owned()]), request), 1, 0, 0)
    };
    assert_eq!(moved("=SUM(Data!A2:A3)", 1, 3, 6), "=SUM(Data!A5:A6)");
    assert_eq!(moved("=SUM(Data!A2:A5)", 2, 3, 4), "=SUM(Data!A2:A5)");
    assert_eq!(moved("=SUM(Data!A2:A5)", 4, 5, 8), "=SUM(Data!A2:A4)");
    assert_eq!(moved("=SUM(Data!A:A)", 4, 5, 8), "=SUM(Data!A:A)");
}

#[test]
fn a_tab_that_is_renamed_or_deleted_changes_all_formulas() {
    let workbook = book(&["=data!A1&\"Data!A1\"+Calc!B2+B3".to_owned()]);
    let properties = json!({"sheetId": 0, "title": "My data's"});
    let renamed = run(
        &workbook,
        json!({"updateSheetProperties": {"properties": properties, "fields": "title"}}),
    );
    assert_eq!(text(&renamed, 1, 0, 0), "='My data''s'!A1&\"Data!A1\"+Calc!B2+B3");
    let deleted = run(&renamed, json!({"deleteSheet": {"sheetId": 0}}));
    assert_eq!(text(&deleted, 0, 0, 0), "=#REF!&\"Data!A1\"+Calc!B2+B3");
}

#[test]
fn rows_cut_off_a_tab_are_gone_from_formulas() {
    let workbook = book(&["=SUM(Data!A1:A8)+Data!A8".to_owned()]);
    let properties = json!({"sheetId": 0, "gridProperties": {"rowCount": 5}});
    let cut = json!({"updateSheetProperties": {"properties": properties, "fields": "gridProperties.rowCount"}});
    assert_eq!(text(&run(&workbook, cut), 1, 0, 0), "=SUM(Data!A1:A5)+#REF!");
}

#[test]
fn a_sorted_formula_names_the_row_it_comes_to() {
    let mut workbook = book(&[]);
    for row in 0..8 {
        *workbook.cell_mut(0, row, 4) = formula(&format!("=A{0}*2+$B$1+Data!C{0}+Calc!A{0}", row + 1));
    }
    let sort = json!({"range": {"sheetId": 0}, "sortSpecs": [{"dimensionIndex": 0, "sortOrder": "DESCENDING"}]});
    let sorted = run(&workbook, json!({"sortRange": sort}));
    assert_eq!(text(&sorted, 0, 0, 4), "=A1*2+$B$1+Data!C1+Calc!A8");
}

#[test]
fn cells_taken_out_of_a_range_change_only_what_they_shift() {
    let workbook = book(&["=Data!A5+Data!B5+Data!A1".to_owned()]);
    let range = json!({"sheetId": 0, "startRowIndex": 0, "endRowIndex": 2, "startColumnIndex": 0, "endColumnIndex": 1});
    let deleted = run(
        &workbook,
        json!({"deleteRange": {"range": range, "shiftDimension": "ROWS"}}),
    );
    assert_eq!(text(&deleted, 1, 0, 0), "=Data!A3+Data!B5+#REF!");
}

#[test]
fn a_formula_without_references_stays_as_it_was() {
    assert_eq!(rewritten("=1+\"A1\"", |_| Some("x".to_owned())), None);
}
