use super::*;
use crate::tabs::{Choices, Kind};
use serde_json::{Value, json};

const LEVELS: Choices = Choices::of(&["north_star", "strategic"]);

#[expect(clippy::needless_pass_by_value, reason = "reads better with `json!`")]
fn german(kind: Kind, cell: Value) -> Result<Option<CellValue>, Misread> {
    read(kind, &cell, Locale::of("de_DE"))
}

#[expect(clippy::needless_pass_by_value, reason = "reads better with `json!`")]
fn american(kind: Kind, cell: Value) -> Result<Option<CellValue>, Misread> {
    read(kind, &cell, Locale::of("en_US"))
}

fn day(year: i32, month: u32, day: u32) -> CellValue {
    CellValue::Date(NaiveDate::from_ymd_opt(year, month, day).unwrap())
}

#[test]
fn blank_cells_of_every_kind_say_nothing() {
    for kind in [
        Kind::Text,
        Kind::Number,
        Kind::Boolean,
        Kind::Date,
        Kind::KeyList,
        Kind::Json,
        Kind::Choice(&LEVELS),
    ] {
        for cell in [json!(null), json!(""), json!("  ")] {
            assert_eq!(american(kind, cell), Ok(None));
        }
    }
    assert_eq!(american(Kind::KeyList, json!(" , ; ")), Ok(None));
}

#[test]
fn numbers_given_as_text_follow_the_locale() {
    for (text, number) in [
        ("1,5", 1.5),
        ("1.234,5", 1234.5),
        ("1.234", 1234.0),
        ("−3", -3.0),
        ("80 %", 0.8),
        ("1 000", 1000.0),
    ] {
        assert_eq!(
            german(Kind::Number, json!(text)),
            Ok(Some(CellValue::Number(number))),
            "{text}"
        );
    }
    for (text, number) in [("1.5", 1.5), ("1,234.5", 1234.5), ("1e3", 1000.0), ("-.5", -0.5)] {
        assert_eq!(
            american(Kind::Number, json!(text)),
            Ok(Some(CellValue::Number(number))),
            "{text}"
        );
    }
    assert_eq!(american(Kind::Number, json!(0.25)), Ok(Some(CellValue::Number(0.25))));
}

#[test]
fn a_number_that_could_mean_two_things_is_refused_with_the_way_to_write_it() {
    let error = german(Kind::Number, json!("1.5")).unwrap_err();
    assert_eq!(error.to_string(), "found \"1.5\"; write a number, like 1,5");
    assert!(american(Kind::Number, json!("1,5")).is_err());
    for text in [
        "about 5", "1.2.3", "--5", "1,2,3", "NaN", "inf", "1e999", "12 EUR", "-", "TRUE",
    ] {
        assert!(american(Kind::Number, json!(text)).is_err(), "{text}");
    }
    assert!(american(Kind::Number, json!(true)).is_err());
}

#[test]
fn days_are_read_from_serial_numbers_iso_and_the_order_of_the_locale() {
    assert_eq!(american(Kind::Date, json!(46027)), Ok(Some(day(2026, 1, 5))));
    assert_eq!(american(Kind::Date, json!(46027.9)), Ok(Some(day(2026, 1, 5))));
    assert_eq!(german(Kind::Date, json!("2026-01-05")), Ok(Some(day(2026, 1, 5))));
    assert_eq!(
        german(Kind::Date, json!("2026-01-05T22:00:00Z")),
        Ok(Some(day(2026, 1, 5)))
    );
    assert_eq!(german(Kind::Date, json!("05.01.2026")), Ok(Some(day(2026, 1, 5))));
    assert_eq!(
        read(Kind::Date, &json!("5/1/2026"), Locale::of("en_GB")),
        Ok(Some(day(2026, 1, 5)))
    );
    assert_eq!(american(Kind::Date, json!("1/5/2026")), Ok(Some(day(2026, 1, 5))));
    assert_eq!(
        read(Kind::Date, &json!("2026/1/5"), Locale::of("ja_JP")),
        Ok(Some(day(2026, 1, 5)))
    );
}

#[test]
fn a_day_that_is_none_is_refused_with_an_example_of_the_locale() {
    let error = american(Kind::Date, json!("31/12/2026")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "found \"31/12/2026\"; write a date, like 2026-12-31 or 12/31/2026"
    );
    for cell in [
        json!("soon"),
        json!("5/1/26"),
        json!(12),
        json!(-1),
        json!(1e9),
        json!("2026-02-30"),
        json!(true),
    ] {
        assert!(american(Kind::Date, cell.clone()).is_err(), "{cell}");
    }
    assert!(read(Kind::Date, &json!("5/1/2026"), Locale::of("sv_SE")).is_err());
}

#[test]
fn checkboxes_are_read_from_boxes_numbers_and_words() {
    for cell in [
        json!(true),
        json!(1),
        json!("TRUE"),
        json!("yes"),
        json!("x"),
        json!("WAHR"),
    ] {
        assert_eq!(german(Kind::Boolean, cell), Ok(Some(CellValue::Boolean(true))));
    }
    for cell in [json!(false), json!(0), json!("No"), json!("falsch")] {
        assert_eq!(german(Kind::Boolean, cell), Ok(Some(CellValue::Boolean(false))));
    }
    for cell in [json!("perhaps"), json!(2)] {
        assert!(german(Kind::Boolean, cell).is_err());
    }
}

#[test]
fn lists_are_split_at_commas_pipes_and_semicolons_and_name_each_key_once() {
    let read = american(Kind::KeyList, json!("INIT-1, INIT-2|INIT-3;INIT-1\n INIT-4,"));
    let keys = ["INIT-1", "INIT-2", "INIT-3", "INIT-4"].map(str::to_owned).to_vec();
    assert_eq!(read, Ok(Some(CellValue::Keys(keys))));
}

#[test]
fn choices_are_found_in_any_spelling_and_refused_with_all_words() {
    assert_eq!(
        american(Kind::Choice(&LEVELS), json!("North Star")),
        Ok(Some(CellValue::Choice("north_star")))
    );
    let error = american(Kind::Choice(&LEVELS), json!("top")).unwrap_err();
    assert_eq!(error.to_string(), "found \"top\"; write one of: north_star, strategic");
}

#[test]
fn periods_have_one_spelling() {
    for (text, period) in [
        ("2026-q1", "2026-Q1"),
        ("2026-M3", "2026-03"),
        ("2026-3", "2026-03"),
        ("2026-W5", "2026-W05"),
        ("2026", "2026"),
    ] {
        assert_eq!(
            american(Kind::Period, json!(text)),
            Ok(Some(CellValue::Key(period.to_owned()))),
            "{text}"
        );
    }
    for text in ["2026-Q5", "2026-13", "26-Q1", "2026-W54", "next"] {
        assert!(american(Kind::Period, json!(text)).is_err(), "{text}");
    }
    let both = CellValue::Keys(vec!["2026-Q1".to_owned(), "2026-Q2".to_owned()]);
    assert_eq!(american(Kind::PeriodList, json!("2026-Q1; 2026-Q2")), Ok(Some(both)));
}

#[test]
fn json_is_read_and_its_fault_is_placed() {
    assert_eq!(
        american(Kind::Json, json!(r#"{"a": 1}"#)),
        Ok(Some(CellValue::Json(json!({"a": 1}))))
    );
    let error = american(Kind::Json, json!("{a: 1}")).unwrap_err();
    assert!(error.to_string().contains("at letter 2"), "{error}");
}

#[test]
fn a_formula_that_fails_is_named_as_such() {
    let error = american(Kind::Text, json!("#REF!")).unwrap_err();
    assert!(error.to_string().contains("the formula gives an error"));
    assert_eq!(key(&json!("#N/A")), "");
}

#[test]
fn text_stays_what_it_is_even_when_it_looks_like_something_else() {
    assert_eq!(
        american(Kind::Text, json!("=1+2")),
        Ok(Some(CellValue::Text("=1+2".to_owned())))
    );
    assert_eq!(
        american(Kind::Key, json!(17.0)),
        Ok(Some(CellValue::Key("17".to_owned())))
    );
    assert_eq!(
        american(Kind::Text, json!(1.5)),
        Ok(Some(CellValue::Text("1.5".to_owned())))
    );
}

#[test]
fn a_long_cell_is_cut_in_the_message() {
    let error = american(Kind::Number, json!("ä".repeat(1_000_000))).unwrap_err();
    assert!(error.to_string().len() < 200);
}

#[test]
fn a_problem_says_row_column_what_was_found_and_what_to_write() {
    let problem = CellProblem::new(17, 5, "rice_reach", american(Kind::Number, json!("many")).unwrap_err());
    assert_eq!(
        problem.to_string(),
        "rice_reach (F17): found \"many\"; write a number, like 1.5"
    );
}

#[test]
fn values_are_written_as_real_json() {
    let moment = NaiveDate::from_ymd_opt(2026, 1, 5)
        .unwrap()
        .and_hms_opt(9, 30, 0)
        .unwrap();
    for (value, cell) in [
        (None, json!("")),
        (Some(CellValue::Number(2.0)), json!(2)),
        (Some(CellValue::Number(0.1)), json!(0.1)),
        (Some(CellValue::Boolean(true)), json!(true)),
        (Some(day(2026, 1, 5)), json!(46027)),
        (Some(CellValue::Moment(moment)), json!("2026-01-05 09:30:00")),
        (
            Some(CellValue::Keys(vec!["A".to_owned(), "B".to_owned()])),
            json!("A, B"),
        ),
        (Some(CellValue::Json(json!({"a": 1}))), json!(r#"{"a":1}"#)),
        (Some(CellValue::Text("=1+2".to_owned())), json!("=1+2")),
    ] {
        assert_eq!(write(value.as_ref()).unwrap(), cell);
    }
    assert!(write(Some(&CellValue::Number(f64::NAN))).is_err());
    assert!(write(Some(&CellValue::Number(f64::INFINITY))).is_err());
}

proptest::proptest! {
    #[test]
    fn a_number_and_a_day_are_read_as_they_were_written(number in -1e12..1e12_f64, serial in 367..2_900_000_i64) {
        let cell = write(Some(&CellValue::Number(number))).unwrap();
        proptest::prop_assert_eq!(german(Kind::Number, cell), Ok(Some(CellValue::Number(number))));
        let read = german(Kind::Date, json!(serial)).unwrap();
        proptest::prop_assert_eq!(write(read.as_ref()).unwrap(), json!(serial));
    }

    #[test]
    fn no_text_makes_reading_panic(text in ".*") {
        for kind in [Kind::Number, Kind::Boolean, Kind::Date, Kind::Moment, Kind::Period, Kind::Json, Kind::KeyList] {
            let _ = german(kind, json!(text));
        }
    }
}
