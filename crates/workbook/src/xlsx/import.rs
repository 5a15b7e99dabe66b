//! From `.xlsx`: tabs, values, formulas with what they came to, and which numbers are days. Looks are not read.

use super::{ImportError, unpack};
use crate::limits::{MOST_SHEETS, check_cells, check_size, check_text};
use crate::model::{Cell, Computed, Sheet, Value, Workbook};
use calamine::{DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx};
use chrono::{NaiveDate, NaiveDateTime};
use sheets::a1::{A1, Span};
use sheets::values::moment_to_serial;
use sheets::wire::{CellFormat, NumberFormat, Refusal};
use std::io::Cursor;

/// What was read of a file.
#[derive(Debug)]
pub struct Imported {
    /// The workbook.
    pub workbook: Workbook,
    /// How many cells it holds.
    pub cell_count: u64,
}

/// Reads a file into a workbook of this id and title.
pub fn import(file: &[u8], id: &str, title: &str, locale: &str, time_zone: &str) -> Result<Imported, ImportError> {
    unpack::check(file)?;
    let mut source: Xlsx<_> = calamine::open_workbook_from_rs::<Xlsx<_>, _>(Cursor::new(file))?;
    let mut workbook = Workbook::new(id, title, locale, time_zone);
    workbook.sheets.clear();
    let tabs: Vec<(String, bool)> = source
        .sheets_metadata()
        .iter()
        .filter(|tab| tab.typ == SheetType::WorkSheet)
        .map(|tab| (tab.name.clone(), tab.visible != SheetVisible::Visible))
        .collect();
    if tabs.is_empty() {
        return Err(Refusal::invalid("The file has no tab with cells.").into());
    }
    if tabs.len() > MOST_SHEETS {
        return Err(Refusal::invalid(format!(
            "The file has {} tabs; import at most {MOST_SHEETS}.",
            tabs.len()
        ))
        .into());
    }
    let mut cell_count = 0;
    for (name, hidden) in tabs {
        let sheet_id = workbook.take_id();
        let sheet = Sheet {
            hidden,
            ..Sheet::new(sheet_id, name)
        };
        workbook.sheets.push(sheet);
        cell_count = read_tab(&mut source, &mut workbook, cell_count)?;
    }
    if workbook.sheets.iter().all(|sheet| sheet.hidden) {
        workbook.sheets[0].hidden = false;
    }
    check_size(&workbook)?;
    Ok(Imported { workbook, cell_count })
}

/// Reads cells one by one: a tab with two cells far apart is small, and stays so.
fn read_tab(
    source: &mut Xlsx<Cursor<&[u8]>>,
    workbook: &mut Workbook,
    mut cell_count: u64,
) -> Result<u64, ImportError> {
    let at = workbook.sheets.len() - 1;
    let name = workbook.sheets[at].title.clone();
    let mut cells = source.worksheet_cells_reader(&name)?;
    while let Some(found) = cells.next_cell_with_formula()? {
        let (row, column) = found.pos;
        let Some(cell) = cell_of(&found.value, found.formula).map_err(|refusal| ImportError::Cell {
            cell: A1::new(name.clone(), Span::one(row), Span::one(column)).to_string(),
            refusal,
        })?
        else {
            continue;
        };
        cell_count += 1;
        check_cells(cell_count)?;
        let sheet = &mut workbook.sheets[at];
        sheet.row_count = sheet.row_count.max(row.saturating_add(1));
        sheet.column_count = sheet.column_count.max(column.saturating_add(1));
        *workbook.cell_mut(at, row, column) = cell;
    }
    Ok(cell_count)
}

fn cell_of(value: &DataRef<'_>, formula: Option<String>) -> Result<Option<Cell>, Refusal> {
    let format = match value {
        DataRef::DateTime(moment) => Some(moment_format(moment)),
        DataRef::DateTimeIso(_) => Some(pattern("DATE_TIME", "yyyy-mm-dd hh:mm:ss")),
        _ => None,
    };
    let result = computed(value);
    let value = match (formula.filter(|text| !text.trim().is_empty()), result) {
        (Some(text), result) => {
            let text = format!("={}", plain(&text));
            check_text(&text)?;
            Value::Formula { text, result }
        }
        (None, Computed::Empty) => return Ok(None),
        (None, Computed::Text(text)) => {
            check_text(&text)?;
            Value::Text(text)
        }
        (None, Computed::Number(number)) => Value::Number(number),
        (None, Computed::Boolean(yes)) => Value::Boolean(yes),
        (None, Computed::Error { shown, .. }) => Value::Text(shown),
    };
    Ok(Some(Cell {
        value,
        format,
        ..Cell::default()
    }))
}

fn computed(value: &DataRef<'_>) -> Computed {
    let number = |number: f64| {
        if number.is_finite() {
            Computed::Number(number)
        } else {
            Computed::Empty
        }
    };
    match value {
        DataRef::Empty => Computed::Empty,
        DataRef::Int(whole) => number(*whole as f64),
        DataRef::Float(float) => number(*float),
        DataRef::Bool(yes) => Computed::Boolean(*yes),
        DataRef::String(text) | DataRef::DurationIso(text) => text_of(text),
        DataRef::SharedString(text) => text_of(text),
        DataRef::DateTime(moment) if moment.is_duration() => number(moment.as_f64()),
        DataRef::DateTime(moment) => serial(moment).map_or(Computed::Empty, number),
        DataRef::DateTimeIso(text) => match text.trim_end_matches('Z').parse::<NaiveDateTime>() {
            Ok(moment) => number(moment_to_serial(moment)),
            Err(_) => text_of(text),
        },
        DataRef::Error(error) => Computed::Error {
            shown: error.to_string(),
            message: format!("The file says {error}."),
        },
    }
}

fn text_of(text: &str) -> Computed {
    if text.is_empty() {
        Computed::Empty
    } else {
        Computed::Text(text.to_owned())
    }
}

/// Days since 1899-12-30, also in workbooks whose days are counted from 1904.
fn serial(moment: &ExcelDateTime) -> Option<f64> {
    // A time of day alone has no day to count from.
    if moment.as_f64() < 1.0 {
        return Some(moment.as_f64());
    }
    let (year, month, day, hour, minute, second, milli) = moment.to_ymd_hms_milli();
    let day = NaiveDate::from_ymd_opt(year.into(), month.into(), day.into())?;
    let moment = day.and_hms_milli_opt(hour.into(), minute.into(), second.into(), milli.into())?;
    Some(moment_to_serial(moment))
}

fn moment_format(moment: &ExcelDateTime) -> CellFormat {
    let days = moment.as_f64();
    if moment.is_duration() || days < 1.0 {
        pattern("TIME", "hh:mm:ss")
    } else if days.fract() == 0.0 {
        pattern("DATE", "yyyy-mm-dd")
    } else {
        pattern("DATE_TIME", "yyyy-mm-dd hh:mm:ss")
    }
}

fn pattern(kind: &str, pattern: &str) -> CellFormat {
    CellFormat {
        number_format: Some(NumberFormat {
            r#type: Some(kind.to_owned()),
            pattern: Some(pattern.to_owned()),
        }),
        ..CellFormat::default()
    }
}

/// Files mark functions that are younger than their format.
fn plain(formula: &str) -> String {
    formula.replace("_xlfn._xlws.", "").replace("_xlfn.", "")
}
