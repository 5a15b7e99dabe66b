use std::sync::Arc;

use serde_json::{Value as Json, json};
use sheets::wire::{Refusal, ValueInputOption, ValueRange, ValueRenderOption};

use super::*;
use crate::model::{Computed, Value, Workbook};
use crate::values::{Reading, Update, get, update};

fn book() -> Workbook {
    Workbook::new("w", "Book", "en_US", "Etc/UTC")
}

fn enter(workbook: &Workbook, range: &str, values: Json) -> Result<Workbook, Refusal> {
    let values = ValueRange {
        values: serde_json::from_value(values).expect("lines"),
        ..ValueRange::default()
    };
    let how = Update {
        input: ValueInputOption::UserEntered,
        answer: None,
    };
    update(workbook, range, &values, how).map(|applied| applied.workbook)
}

fn typed(workbook: &Workbook, range: &str, values: Json) -> Workbook {
    enter(workbook, range, values).expect("written")
}

fn shown(workbook: &Workbook, range: &str) -> Json {
    let reading = Reading {
        values: ValueRenderOption::UnformattedValue,
        ..Reading::default()
    };
    json!(get(workbook, range, reading).expect("read").values)
}

fn comes_to(formula: &str) -> Json {
    shown(&typed(&book(), "Z1", json!([[formula]])), "Z1")
}

fn reason(workbook: &Workbook, row: u32, column: u32) -> String {
    match workbook.sheets[0]
        .cell(row, column)
        .map(|cell| crate::render::result(&cell.value))
    {
        Some(Computed::Error { message, .. }) => message,
        other => panic!("an error, not {other:?}"),
    }
}

#[derive(Debug)]
struct Shelf(Workbook);

impl Imports for Shelf {
    fn values(&self, workbook_id: &str, range: &str) -> Result<Vec<Vec<Computed>>, String> {
        if workbook_id != self.0.id {
            return NoImports.values(workbook_id, range);
        }
        let place = crate::place::of_a1(&self.0, range).map_err(|refusal| refusal.message)?;
        let sheet = &self.0.sheets[place.sheet];
        let value = |row, column| sheet.cell(row, column).map(|cell| crate::render::result(&cell.value));
        Ok(place
            .rows
            .clone()
            .map(|row| {
                place
                    .columns
                    .clone()
                    .map(|column| value(row, column).unwrap_or_default())
                    .collect()
            })
            .collect())
    }
}

fn importing() -> Workbook {
    let mut other = Workbook::new("other", "Other", "en_US", "Etc/UTC");
    let rows = json!([
        ["key", "effort", "ready"],
        ["b", "", true],
        ["a", 3, true],
        ["c", 1, false]
    ]);
    other = typed(&other, "A1", rows);
    (other.sheets[0].row_count, other.sheets[0].column_count) = (4, 3);
    let mut workbook = book();
    workbook.formulas.imports = Arc::new(Shelf(other));
    workbook
}

#[test]
fn results_are_kept_and_logged_with_the_change() {
    let before = typed(&book(), "A1", json!([[2, 3, "=A1*B1", "=C1+1"]]));
    assert_eq!(shown(&before, "A1:D1"), json!([[2, 3, 6, 7]]));
    let values = serde_json::from_value(json!({"values": [[10]]})).expect("lines");
    let how = Update {
        input: ValueInputOption::Raw,
        answer: None,
    };
    let applied = update(&before, "A1", &values, how).expect("written");
    assert_eq!(shown(&applied.workbook, "A1:D1"), json!([[10, 3, 30, 31]]));
    let columns: Vec<u32> = applied.changes.edits.iter().map(|edit| edit.column).collect();
    assert_eq!(columns, [0, 2, 3]);
}

#[test]
fn an_answer_with_values_holds_the_new_results() {
    let before = typed(&book(), "A1", json!([[2, "=A1*2"]]));
    let values = serde_json::from_value(json!({"values": [[5, null]]})).expect("lines");
    let how = Update {
        input: ValueInputOption::Raw,
        answer: Some(Reading::default()),
    };
    let answer = update(&before, "A1:B1", &values, how).expect("written").answer;
    assert_eq!(json!(answer.updated_data.expect("data").values), json!([["5", "10"]]));
}

#[test]
fn kinds_stay_what_they_are() {
    let workbook = typed(
        &book(),
        "A1",
        json!([[
            "'=1+2",
            true,
            "2026-01-05",
            "'007",
            "=A1&\"!\"",
            "=B1",
            "=C1+1",
            "=D1",
            "=ISTEXT(A1)"
        ]]),
    );
    assert_eq!(shown(&workbook, "E1:I1"), json!([["=1+2!", true, 46028, "007", true]]));
}

#[test]
fn errors_are_those_of_the_api() {
    let cases = [
        ("=1/0", "#DIV/0!"),
        ("=\"a\"+1", "#VALUE!"),
        ("=Nowhere!A1", "#REF!"),
        ("=FOO(1)", "#NAME?"),
        ("=SQRT(-1)", "#NUM!"),
        ("=NA()", "#N/A"),
        ("=1+", "#ERROR!"),
        ("=Z1", "#REF!"),
    ];
    for (formula, error) in cases {
        assert_eq!(comes_to(formula), json!([[error]]), "{formula}");
    }
    let cell = Value::Formula {
        text: String::new(),
        result: failure::of(&ironcalc_base::expressions::token::Error::DIV, None),
    };
    let kind = crate::render::effective(&cell)
        .and_then(|value| value.error_value)
        .and_then(|error| error.r#type);
    assert_eq!(kind.as_deref(), Some("DIVIDE_BY_ZERO"));
}

#[test]
fn cells_that_are_found_by_what_is_worked_out_are_read() {
    let workbook = typed(
        &book(),
        "A1",
        json!([["x", 4, "=INDIRECT(\"B\"&1)*2", "=OFFSET(A1,0,1)", "=SUM(1:1)"]]),
    );
    assert_eq!(shown(&workbook, "C1:D1"), json!([[8, 4]]));
    let rows = typed(&book(), "A1", json!([["x", 4, 5], ["=SUM(1:1)"]]));
    assert_eq!(shown(&rows, "A2"), json!([[9]]));
}

#[test]
fn functions_that_only_google_has_say_so() {
    let workbook = typed(
        &book(),
        "A1",
        json!([[
            "=QUERY(B1:C9,\"select B\")",
            "=IFERROR(REGEXMATCH(\"a\",\"b\"),\"none\")"
        ]]),
    );
    assert_eq!(shown(&workbook, "A1:B1"), json!([["#N/A", "none"]]));
    assert!(reason(&workbook, 0, 0).starts_with("QUERY is a function of Google Sheets"));
}

#[test]
fn results_of_many_cells_are_shown_in_the_cells_they_reach() {
    let rows = json!([["b", 2, true], ["a", "", true], ["c", 3, false], ["", "", ""]]);
    let workbook = typed(&book(), "A1", rows);
    let filtered = typed(&workbook, "E1", json!([["=FILTER(A1:B,C1:C)"]]));
    assert_eq!(shown(&filtered, "E1:F9"), json!([["b", 2], ["a"]]));
    let both = typed(&workbook, "E1", json!([["=FILTER(A1:A,C1:C,B1:B=2)"]]));
    assert_eq!(shown(&both, "E1:E9"), json!([["b"]]));
    let sorted = typed(&workbook, "E1", json!([["=SORT(A1:B3,1,FALSE)"]]));
    assert_eq!(shown(&sorted, "E1:F9"), json!([["c", 3], ["b", 2], ["a"]]));
    let by_cells = typed(&workbook, "E1", json!([["=SORT(A1:A3,C1:C3,FALSE,1,TRUE)"]]));
    assert_eq!(shown(&by_cells, "E1:E3"), json!([["a"], ["b"], ["c"]]));
    let unique = typed(&workbook, "E1", json!([["=UNIQUE(C1:C3)"]]));
    assert_eq!(shown(&unique, "E1:E9"), json!([[true], [false]]));
    let doubled = typed(&workbook, "E1", json!([["=ARRAYFORMULA(B1:B3*2)"]]));
    assert_eq!(shown(&doubled, "E1:E9"), json!([[4], [0], [6]]));
}

#[test]
fn ranges_in_braces_are_put_together() {
    let workbook = typed(&book(), "A1", json!([["a", 1], ["b", 2]]));
    let stacked = typed(&workbook, "E1", json!([["={A1:B1;B1:B2,A1:A2}"]]));
    assert_eq!(shown(&stacked, "E1:F9"), json!([["a", 1], [1, "a"], [2, "b"]]));
    let blank = typed(&workbook, "E1", json!([["={A1:B2;A3:B3}"]]));
    assert_eq!(shown(&blank, "E1:F9"), json!([["a", 1], ["b", 2]]));
    assert_eq!(comes_to("=SUM({1,2;3,4})"), json!([[10]]));
}

#[test]
fn workbooks_that_import_each_other_take_what_was_worked_out_last() {
    let mut one = importing();
    one.formulas.imports = Arc::new(Shelf(typed(
        &importing(),
        "A1",
        json!([["=IMPORTRANGE(\"w\",\"A1\")"]]),
    )));
    let one = typed(&one, "A1", json!([["=IMPORTRANGE(\"w\",\"A1\")"]]));
    assert_eq!(shown(&one, "A1"), json!([["#REF!"]]));
    assert!(recalculated(&one).expect("worked out").changes.is_empty());
}

#[test]
fn a_blank_that_is_handed_on_stays_blank() {
    let workbook = typed(&book(), "A1", json!([["k", "", 0]]));
    let formulas = json!([[
        "=B1",
        "=INDEX(A1:C1,1,2)",
        "=VLOOKUP(\"k\",A1:C1,2,FALSE)",
        "=VLOOKUP(\"k\",A1:C1,3,FALSE)",
        "=A3+1"
    ]]);
    let handed = typed(&workbook, "A3", formulas);
    assert_eq!(shown(&handed, "A3:E3"), json!([["", "", "", 0, 1]]));
}

#[test]
fn results_that_would_fill_the_memory_are_not_worked_out() {
    assert_eq!(comes_to("=SUM(SEQUENCE(1000000,16000))"), json!([["#N/A"]]));
    assert_eq!(comes_to("=SUM(SEQUENCE(1,900000)*SEQUENCE(900000))"), json!([["#N/A"]]));
    assert_eq!(comes_to("=SUM(MUNIT(100000))"), json!([["#N/A"]]));
    assert_eq!(
        comes_to("=REDUCE(1,SEQUENCE(60),LAMBDA(a,b,VSTACK(a,a)))"),
        json!([["#N/A"]])
    );
    assert_eq!(comes_to("=SUM(SEQUENCE(1000))"), json!([[500_500]]));
    let mut workbook = book();
    workbook.sheets[0].row_count = 10_000;
    let tall = typed(&workbook, "A10000", json!([[1]]));
    let refusal = enter(&tall, "C1", json!([["=SUM(A1:A10000*TRANSPOSE(A1:A10000))"]])).expect_err("refused");
    assert!(refusal.message.contains("as a table"), "{refusal}");
}

#[test]
fn a_spill_goes_with_its_formula_and_stops_at_data() {
    let workbook = typed(&book(), "A1", json!([["=SEQUENCE(3)"]]));
    assert_eq!(shown(&workbook, "A1:A9"), json!([[1], [2], [3]]));
    let shorter = typed(&workbook, "A1", json!([["=SEQUENCE(2)"]]));
    assert_eq!(shown(&shorter, "A1:A9"), json!([[1], [2]]));
    let stopped = typed(&workbook, "A2", json!([["x"]]));
    assert_eq!(shown(&stopped, "A1:A9"), json!([["#REF!"], ["x"]]));
    assert!(reason(&stopped, 0, 0).contains("overwrite data"));
    let gone = typed(&workbook, "A1", json!([[""]]));
    assert_eq!(shown(&gone, "A1:A9"), Json::Null);
    let long = typed(&book(), "A1", json!([["=SEQUENCE(2000)"]]));
    assert!(reason(&long, 0, 0).contains("Add rows"));
}

#[test]
fn values_of_another_workbook_are_read_and_nested() {
    let import = "IMPORTRANGE(\"https://docs.google.com/spreadsheets/d/other/edit\",\"Sheet1!A2:B4\")";
    let flags = "IMPORTRANGE(\"other\",\"C2:C4\")";
    let at = |formula: String| typed(&importing(), "A1", json!([[formula]]));
    assert_eq!(
        shown(&at(format!("={import}")), "A1:C9"),
        json!([["b"], ["a", 3], ["c", 1]])
    );
    assert_eq!(
        shown(&at(format!("=FILTER({import},{flags})")), "A1:C9"),
        json!([["b"], ["a", 3]])
    );
    assert_eq!(
        shown(&at(format!("=SORT({import},1,TRUE)")), "A1:C9"),
        json!([["a", 3], ["b"], ["c", 1]])
    );
    assert_eq!(shown(&at(format!("=INDEX({import},2,2)*2")), "A1:C9"), json!([[6]]));
    let refused = at("=IMPORTRANGE(\"unknown\",\"A1\")".to_owned());
    assert_eq!(shown(&refused, "A1"), json!([["#REF!"]]));
    assert!(reason(&refused, 0, 0).contains("unknown cannot be read"));
    let named = typed(&importing(), "A1", json!([["other", "=IMPORTRANGE(A1,\"A3\")"]]));
    assert_eq!(shown(&named, "B1"), json!([["a"]]));
}

#[test]
fn imported_values_that_changed_are_taken_over() {
    let workbook = typed(&importing(), "A1", json!([["=IMPORTRANGE(\"other\",\"B3\")"]]));
    let mut other = Workbook::new("other", "Other", "en_US", "Etc/UTC");
    other = typed(&other, "B3", json!([[8]]));
    let mut changed = workbook.clone();
    changed.formulas.imports = Arc::new(Shelf(other));
    let applied = recalculated(&changed).expect("worked out");
    assert_eq!(shown(&applied.workbook, "A1"), json!([[8]]));
    assert_eq!(applied.changes.edits.len(), 1);
    assert!(recalculated(&workbook).expect("worked out").changes.is_empty());
}

#[test]
fn a_formula_that_goes_too_deep_is_refused() {
    let deep = format!("={}1{}", "(".repeat(65), ")".repeat(65));
    let refusal = enter(&book(), "B2", json!([[deep]])).expect_err("refused");
    assert!(
        refusal.message.contains("Sheet1!B2 nests more than 64 levels"),
        "{refusal}"
    );
    let fits = format!("={}1{}", "(".repeat(64), ")".repeat(64));
    assert_eq!(comes_to(&fits), json!([[1]]));
    let wide = format!("=1{}", "+1".repeat(1001));
    assert!(enter(&book(), "A1", json!([[wide]])).is_err());
    let signs = format!("={}1", "-".repeat(49_000));
    assert!(enter(&book(), "A1", json!([[signs]])).is_err());
    let long = format!("=\"{}\"", "x".repeat(50_000));
    assert!(enter(&book(), "A1", json!([[long]])).is_err());
}

#[test]
fn ranges_that_read_too_much_together_are_refused() {
    let mut workbook = book();
    workbook.sheets[0].row_count = 20_000;
    let rows: Vec<Json> = (0..11_000).map(|_| json!([1, "=SUM(A:A)"])).collect();
    let refusal = enter(&workbook, "A1", json!(rows)).expect_err("refused");
    assert!(refusal.message.contains("Let them read shorter ranges"), "{refusal}");
}

#[test]
fn a_chain_of_fifty_thousand_formulas_is_worked_out() {
    let mut workbook = book();
    workbook.sheets[0].row_count = 50_001;
    let mut rows: Vec<Json> = (1..=50_000).map(|row| json!([format!("=A{}+1", row + 1)])).collect();
    rows.push(json!([1]));
    let chained = typed(&workbook, "A1", json!(rows));
    assert_eq!(shown(&chained, "A1"), json!([[50_001]]));
}

#[derive(Debug)]
struct Untouched;

impl Calculator for Untouched {
    fn evaluate(&self, _: &Workbook, _: &dyn Imports) -> Result<Results, Broken> {
        Err(Broken::Ended)
    }
}

#[test]
fn a_workbook_without_formulas_asks_no_engine() {
    let mut workbook = book();
    workbook.formulas.calculator = Arc::new(Untouched);
    let written = typed(&workbook, "A1", json!([["a", 1, true]]));
    assert!(enter(&written, "A2", json!([["=1"]])).is_err());
}

#[test]
fn a_formula_of_a_comma_country_is_stored_and_worked_out() {
    let german = Workbook::new("w", "Book", "de_DE", "Europe/Berlin");
    let workbook = typed(&german, "A1", json!([["1,5", "=IF(A1>1,4;A1*2,5;0)"]]));
    assert_eq!(shown(&workbook, "B1"), json!([[3.75]]));
    let formula = Reading {
        values: ValueRenderOption::Formula,
        ..Reading::default()
    };
    let read = get(&workbook, "B1", formula).expect("read").values;
    assert_eq!(json!(read), json!([["=IF(A1>1,4;A1*2,5;0)"]]));
    let stored = workbook.sheets[0]
        .cell(0, 1)
        .map(|cell| crate::render::entered(&cell.value));
    let stored = stored.flatten().and_then(|value| value.formula_value);
    assert_eq!(stored.as_deref(), Some("=IF(A1>1.4,A1*2.5,0)"));
}
