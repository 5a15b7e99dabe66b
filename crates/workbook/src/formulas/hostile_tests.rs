use proptest::prelude::*;
use sheets::wire::{Code, ValueInputOption, ValueRange};

use crate::model::Workbook;
use crate::values::{Update, update};

fn piece() -> impl Strategy<Value = String> {
    let pieces = vec![
        "(",
        ")",
        "{",
        "}",
        ",",
        ";",
        "\\",
        "+",
        "-",
        "*",
        "/",
        "^",
        "&",
        "=",
        "<>",
        "%",
        ":",
        "!",
        "#",
        "@",
        "$",
        " ",
        "\"",
        "'",
        "A1",
        "B2:C",
        "C:C",
        "1:1",
        "Sheet1!A1",
        "'Sheet1'!B:B",
        "No!A1",
        "#REF!",
        "1",
        "1e308",
        ".5",
        "TRUE",
        "\"a\"",
        "SUM(",
        "IF(",
        "FILTER(",
        "SORT(",
        "UNIQUE(",
        "INDEX(",
        "LET(x,",
        "LAMBDA(x,",
        "MAP(",
        "TRANSPOSE(",
        "IMPORTRANGE(",
        "ARRAYFORMULA(",
        "QUERY(",
        "OFFSET(",
        "INDIRECT(",
        "SEQUENCE(",
        "TEXT(",
        "DATE(",
        "XLOOKUP(",
        "VLOOKUP(",
        "REPT(",
        "ROW(",
        "ADDRESS(",
        "CHOOSE(",
        "SUBTOTAL(",
        "Ünï",
        "ß",
        "😀",
    ];
    prop::sample::select(pieces).prop_map(str::to_owned)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]
    #[test]
    fn whatever_is_typed_as_a_formula_has_a_result_or_a_reason(
        formulas in prop::collection::vec(prop::collection::vec(piece(), 1..10), 1..5)
    ) {
        let mut workbook = Workbook::new("w", "Book", "en_US", "Etc/UTC");
        (workbook.sheets[0].row_count, workbook.sheets[0].column_count) = (20, 10);
        let lines: Vec<serde_json::Value> = formulas.iter().map(|pieces| {
            let open = pieces.iter().filter(|piece| piece.ends_with('(')).count();
            serde_json::json!([format!("={}", pieces.concat()), 1, "x", format!("={}{}", pieces.concat(), ")".repeat(open))])
        }).collect();
        let values = ValueRange { values: serde_json::from_value(lines.into()).expect("lines"), ..ValueRange::default() };
        let how = Update { input: ValueInputOption::UserEntered, answer: None };
        if let Err(refusal) = update(&workbook, "A1", &values, how) {
            prop_assert_ne!(refusal.code, Code::Internal, "{}: {:?}", refusal.message, formulas);
        }
    }
}
