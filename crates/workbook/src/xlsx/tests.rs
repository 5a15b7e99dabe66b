//! What leaves as a file comes back, and no file fills the memory.

use super::{ImportError, export, import, unpack};
use crate::model::{Cell, Computed, Sheet, Value, Workbook};
use sheets::a1::Span;
use sheets::wire::{BooleanCondition, ConditionValue, DataValidationRule, GridRange, ProtectedRange};
use std::io::{Read, Write};

fn cell(value: Value) -> Cell {
    Cell {
        value,
        ..Cell::default()
    }
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

/// The values of the first tab, row by row.
fn values(workbook: &Workbook) -> Vec<(u32, u32, Value)> {
    let rows = workbook.sheets[0].rows.iter();
    rows.flat_map(|(row, content)| {
        content
            .cells
            .iter()
            .map(|(column, cell)| (*row, *column, cell.value.clone()))
    })
    .collect()
}

fn read(file: &[u8]) -> Workbook {
    import(file, &"a".repeat(44), "Read", "en_US", "Etc/UTC")
        .unwrap()
        .workbook
}

fn part(file: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(file)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[test]
fn values_and_formulas_come_back_as_they_left() {
    let mut workbook = Workbook::new("b".repeat(44), "Mine", "en_US", "Etc/UTC");
    let cells = [
        (0, 0, text("name")),
        (0, 1, text("=not a formula")),
        (1, 0, Value::Number(1.5)),
        (1, 1, Value::Boolean(true)),
        (7, 3, text("Grüße, 你好")),
        (
            8,
            0,
            Value::Formula {
                text: "=A2*2".to_owned(),
                result: Computed::Number(3.0),
            },
        ),
    ];
    for (row, column, value) in &cells {
        *workbook.cell_mut(0, *row, *column) = cell(value.clone());
    }
    workbook.sheets.push(Sheet::new(7, "Second: tab?"));
    let back = read(&export(&workbook).unwrap());
    assert_eq!(values(&back), cells);
    let titles: Vec<&str> = back.sheets.iter().map(|sheet| sheet.title.as_str()).collect();
    assert_eq!(titles, ["Sheet1", "Second_ tab_"]);
}

#[test]
fn days_come_as_numbers_that_look_like_days() {
    let mut file = rust_xlsxwriter::Workbook::new();
    let date = rust_xlsxwriter::Format::new().set_num_format("dd.mm.yyyy");
    file.add_worksheet()
        .write_number_with_format(0, 0, 46_027.0, &date)
        .unwrap();
    let read = read(&file.save_to_buffer().unwrap());
    let cell = read.sheets[0].cell(0, 0).unwrap();
    assert_eq!(cell.value, Value::Number(46_027.0));
    let look = cell.format.as_ref().unwrap().number_format.as_ref().unwrap();
    assert_eq!(look.r#type.as_deref(), Some("DATE"));
}

#[test]
fn dropdowns_protection_and_frozen_rows_are_in_the_file() {
    let mut workbook = Workbook::new("b".repeat(44), "Mine", "en_US", "Etc/UTC");
    let words = ["rice", "wsjf"].map(|word| ConditionValue {
        user_entered_value: Some(word.to_owned()),
        relative_date: None,
    });
    let rule = DataValidationRule {
        condition: Some(BooleanCondition {
            r#type: Some("ONE_OF_LIST".to_owned()),
            values: Some(words.to_vec()),
        }),
        ..DataValidationRule::default()
    };
    for row in 4..9 {
        workbook.cell_mut(0, row, 1).validation = Some(rule.clone());
    }
    let sheet = &mut workbook.sheets[0];
    sheet.frozen_rows = 4;
    sheet.protected_ranges.push(ProtectedRange {
        range: Some(GridRange::of(0, Span::ALL, Span::one(0))),
        ..ProtectedRange::default()
    });
    let page = part(&export(&workbook).unwrap(), "xl/worksheets/sheet1.xml");
    assert!(page.contains("sqref=\"B5:B9\"") && page.contains("rice,wsjf"), "{page}");
    assert!(
        page.contains("<sheetProtection") && page.contains("ySplit=\"4\""),
        "{page}"
    );
}

#[test]
fn what_is_no_workbook_is_refused_in_words() {
    let words = |file: &[u8]| import(file, "id", "t", "en_US", "Etc/UTC").unwrap_err().to_string();
    assert!(words(b"a,b\n1,2\n").contains("not an .xlsx file"));
    assert!(words(&archive(&[("hello.txt", b"hello".as_slice())])).contains("cannot be read as a workbook"));
}

#[test]
fn a_file_that_unpacks_to_too_much_is_refused_before_it_is_read() {
    let bomb = archive(&[("xl/worksheets/sheet1.xml", vec![b' '; 9 << 20].as_slice())]);
    assert!(bomb.len() < 100_000);
    let refused = unpack::check_to(&bomb, 8 << 20).unwrap_err();
    assert!(matches!(refused, ImportError::TooLarge { most_mib: 8 }), "{refused}");
    assert!(unpack::check_to(&bomb, 9 << 20).is_ok());
}

#[test]
fn a_cell_at_the_end_of_the_world_fills_no_memory() {
    let mut file = rust_xlsxwriter::Workbook::new();
    let page = file.add_worksheet();
    page.write_string(0, 0, "first").unwrap();
    page.write_string(1_048_575, 16_383, "last").unwrap();
    let file = file.save_to_buffer().unwrap();
    let refused = import(&file, "id", "t", "en_US", "Etc/UTC").unwrap_err();
    assert!(refused.to_string().contains("cells"), "{refused}");
}

fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer
            .start_file(*name, zip::write::SimpleFileOptions::default())
            .unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}
