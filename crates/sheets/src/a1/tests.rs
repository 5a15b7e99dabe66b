//! What is written reads back, and what means nothing is refused.

use super::*;
use proptest::prelude::*;

fn read(text: &str) -> A1 {
    A1::parse(text, |name| name == "Tab A" || name == "B2").unwrap()
}

#[test]
fn every_form_of_a_range_is_read() {
    let cases = [
        ("Sheet1!A1:B2", Some("Sheet1"), Span::new(0, 2), Span::new(0, 2)),
        ("'My Tab'!A1", Some("My Tab"), Span::one(0), Span::one(0)),
        ("'Jon''s'!C3", Some("Jon's"), Span::one(2), Span::one(2)),
        ("'a!b'!C3", Some("a!b"), Span::one(2), Span::one(2)),
        ("Tab A!A1:B2", Some("Tab A"), Span::new(0, 2), Span::new(0, 2)),
        ("Tab A", Some("Tab A"), Span::ALL, Span::ALL),
        ("'Tab A'", Some("Tab A"), Span::ALL, Span::ALL),
        ("B2", Some("B2"), Span::ALL, Span::ALL),
        ("A1:B2", None, Span::new(0, 2), Span::new(0, 2)),
        ("B2:A1", None, Span::new(0, 2), Span::new(0, 2)),
        ("$A$1:$B2", None, Span::new(0, 2), Span::new(0, 2)),
        ("x!A:C", Some("x"), Span::ALL, Span::new(0, 3)),
        ("x!1:2", Some("x"), Span::new(0, 2), Span::ALL),
        (
            "x!A5:A",
            Some("x"),
            Span {
                start: Some(4),
                end: None,
            },
            Span::one(0),
        ),
        ("x!R2C3:R4C5", Some("x"), Span::new(1, 4), Span::new(2, 5)),
        ("x!ZZZ10000000", Some("x"), Span::one(9_999_999), Span::one(18_277)),
    ];
    for (text, tab, rows, columns) in cases {
        let expected = A1 {
            tab: tab.map(str::to_owned),
            rows,
            columns,
        };
        assert_eq!(read(text), expected, "{text}");
    }
}

#[test]
fn what_means_nothing_is_refused_by_its_words() {
    for text in [
        "",
        "Foo",
        "x!",
        "'x",
        "'x'A1",
        "x!A0",
        "x!A",
        "x!1",
        "x!A:5",
        "x!AAAA1",
        "x!A1:B2:C3",
        "x!A10000001",
        "x!A1.5",
    ] {
        let refused = A1::parse(text, |_| false);
        if text == "x!" {
            assert_eq!(refused.unwrap().rows, Span::ALL);
            continue;
        }
        assert_eq!(
            refused.unwrap_err().to_string(),
            format!("Unable to parse range: {text}")
        );
    }
}

#[test]
fn a_tab_is_quoted_when_it_could_be_read_otherwise() {
    for (tab, written) in [
        ("Sheet1", "Sheet1"),
        ("Tab1", "'Tab1'"),
        ("Run log", "'Run log'"),
        ("Jon's", "'Jon''s'"),
        ("R1C1", "'R1C1'"),
        ("1st", "'1st'"),
        ("Übersicht", "'Übersicht'"),
    ] {
        assert_eq!(quoted(tab), written);
    }
}

#[test]
fn open_ends_reach_to_the_edge_of_the_grid() {
    assert_eq!(read("x!A5:A").within(10, 3).to_string(), "'x'!A5:A10");
    assert_eq!(read("Tab A").within(1000, 26).to_string(), "'Tab A'!A1:Z1000");
    assert_eq!(Span::new(5, 9).within(3), 3..3);
}

proptest! {
    #[test]
    fn what_is_written_reads_back(tab in "[A-Za-z0-9' !:_-]{1,12}", top in 0..MOST_ROWS, left in 0..MOST_COLUMNS, open in 0..3_u8) {
        let bottom = (top + 7).min(MOST_ROWS);
        let right = (left + 3).min(MOST_COLUMNS);
        let rows = match open { 0 => Span::new(top, bottom), 1 => Span { start: Some(top), end: None }, _ => Span::ALL };
        let written = A1::new(tab.clone(), rows, Span::new(left, right));
        let known = tab.clone();
        prop_assert_eq!(A1::parse(&written.to_string(), |name| name == known).unwrap(), written);
    }

    #[test]
    fn columns_have_one_name_each(index in 0..MOST_COLUMNS) {
        prop_assert_eq!(column_index(&column_name(index)), Some(index));
    }

    #[test]
    fn no_text_is_too_strange_to_be_looked_at(text in ".{0,24}") {
        let _ = A1::parse(&text, |_| false);
    }
}
