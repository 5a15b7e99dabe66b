//! To `.xlsx`: values, formulas with their results, dropdowns, protection, colours, notes, frozen rows and columns.

use super::looks::{channels, format};
use crate::model::{Computed, Sheet, Value, Workbook};
use crate::render;
use rust_xlsxwriter::{
    ConditionalFormatText, ConditionalFormatTextRule, DataValidation, DataValidationErrorStyle, Format, Formula, Note,
    ProtectionOptions, Worksheet, XlsxError,
};
use sheets::a1::Span;
use sheets::wire::{ConditionalFormatRule, DataValidationRule, GridRange};
use std::collections::BTreeSet;

/// Rows and columns that the format knows.
const MOST_ROWS: u32 = 1_048_576;
const MOST_COLUMNS: u32 = 16_384;
/// Letters of a tab's title that the format knows.
const LONGEST_TITLE: usize = 31;

/// Why a workbook cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// More than the format holds.
    #[error(
        "the tab {tab:?} has {rows} rows and {columns} columns; .xlsx holds at most {MOST_ROWS} and {MOST_COLUMNS}"
    )]
    TooLarge {
        /// The tab.
        tab: String,
        /// Rows with content.
        rows: u32,
        /// Columns with content.
        columns: u32,
    },
    /// Something the format cannot say.
    #[error("the tab {tab:?} cannot be written as .xlsx")]
    Unwritable {
        /// The tab.
        tab: String,
        /// Why.
        #[source]
        source: XlsxError,
    },
    /// The file could not be put together.
    #[error("the file cannot be put together")]
    Unfinished(#[source] XlsxError),
}

/// Writes the whole workbook into a file.
pub fn export(workbook: &Workbook) -> Result<Vec<u8>, ExportError> {
    let mut file = rust_xlsxwriter::Workbook::new();
    let mut titles = BTreeSet::new();
    for sheet in &workbook.sheets {
        check(sheet)?;
        let title = title(&sheet.title, &mut titles);
        let page = file.add_worksheet();
        write(page, sheet, &title).map_err(|source| ExportError::Unwritable {
            tab: sheet.title.clone(),
            source,
        })?;
    }
    file.save_to_buffer().map_err(ExportError::Unfinished)
}

fn check(sheet: &Sheet) -> Result<(), ExportError> {
    let rows = sheet.rows.last_key_value().map_or(0, |(at, _)| at + 1);
    let columns = sheet.rows.values().filter_map(|row| row.cells.last_key_value());
    let columns = columns.map(|(at, _)| at + 1).max().unwrap_or(0);
    if rows > MOST_ROWS || columns > MOST_COLUMNS {
        return Err(ExportError::TooLarge {
            tab: sheet.title.clone(),
            rows,
            columns,
        });
    }
    Ok(())
}

/// A title the format accepts and that no other tab has.
fn title(wanted: &str, known: &mut BTreeSet<String>) -> String {
    let clean: String = wanted
        .trim_matches('\'')
        .chars()
        .map(|letter| if "[]:*?/\\".contains(letter) { '_' } else { letter })
        .collect();
    let cut = |most: usize| clean.chars().take(most).collect::<String>();
    let first = if clean.is_empty() {
        "Sheet".to_owned()
    } else {
        cut(LONGEST_TITLE)
    };
    let others = (2..).map(|number| format!("{} {number}", cut(LONGEST_TITLE - 5)));
    let title = std::iter::once(first)
        .chain(others)
        .find(|title| !known.contains(&title.to_lowercase()))
        .unwrap_or_default();
    known.insert(title.to_lowercase());
    title
}

fn write(page: &mut Worksheet, sheet: &Sheet, title: &str) -> Result<(), XlsxError> {
    page.set_name(title)?;
    page.set_hidden(sheet.hidden);
    page.set_right_to_left(sheet.right_to_left);
    page.set_screen_gridlines(!sheet.hide_gridlines);
    if let Some(color) = channels(sheet.tab_color_style.as_ref(), sheet.tab_color.as_ref()) {
        page.set_tab_color(color);
    }
    if sheet.frozen_rows > 0 || sheet.frozen_columns > 0 {
        page.set_freeze_panes(sheet.frozen_rows, sheet.frozen_columns as u16)?;
    }
    let is_protected = !sheet.protected_ranges.is_empty();
    if is_protected {
        protect(page, sheet)?;
    }
    for (at, column) in &sheet.columns {
        if let Some(properties) = column.properties.as_ref().filter(|_| *at < MOST_COLUMNS) {
            if let Some(width) = properties.pixel_size {
                page.set_column_width_pixels(*at as u16, width.clamp(0, 2000) as u32)?;
            }
            if properties.hidden_by_user == Some(true) {
                page.set_column_hidden(*at as u16)?;
            }
        }
    }
    for (at, row) in &sheet.rows {
        for (column, cell) in &row.cells {
            let is_open = is_protected && !is_locked(sheet, *at, *column);
            let look = format(cell.format.as_ref(), is_open);
            write_value(page, (*at, *column as u16), &cell.value, &look)?;
            if let Some(note) = &cell.note {
                page.insert_note(*at, *column as u16, &Note::new(note.as_str()).add_author_prefix(false))?;
            }
        }
    }
    for (column, rows, rule) in validations(sheet) {
        if let Some(rule) = validation(rule)? {
            page.add_data_validation(rows.start, column as u16, rows.end - 1, column as u16, &rule)?;
        }
    }
    for rule in &sheet.conditional_formats {
        add_colours(page, sheet, rule)?;
    }
    Ok(())
}

fn write_value(page: &mut Worksheet, (row, column): (u32, u16), value: &Value, look: &Format) -> Result<(), XlsxError> {
    match (value, render::result(value)) {
        (Value::Formula { text, .. }, result) => {
            let shown = match result {
                Computed::Empty => String::new(),
                Computed::Number(number) => number.to_string(),
                Computed::Boolean(yes) => if yes { "TRUE" } else { "FALSE" }.to_owned(),
                Computed::Text(text) | Computed::Error { shown: text, .. } => text,
            };
            page.write_formula_with_format(row, column, Formula::new(text).set_result(shown), look)?
        }
        // A text is written as a text, whatever it begins with. Formulas are written without their power to spill, so what
        // they reached stands as values.
        (_, Computed::Text(text) | Computed::Error { shown: text, .. }) => {
            page.write_string_with_format(row, column, text, look)?
        }
        (_, Computed::Number(number)) => page.write_number_with_format(row, column, number, look)?,
        (_, Computed::Boolean(yes)) => page.write_boolean_with_format(row, column, yes, look)?,
        (_, Computed::Empty) => page.write_blank(row, column, look)?,
    };
    Ok(())
}

/// The file has one switch for the whole tab: what nobody protected is opened.
fn protect(page: &mut Worksheet, sheet: &Sheet) -> Result<(), XlsxError> {
    let mut options = ProtectionOptions::new();
    options.format_cells = true;
    options.format_columns = true;
    options.format_rows = true;
    options.insert_rows = true;
    options.delete_rows = true;
    options.sort = true;
    options.use_autofilter = true;
    page.protect_with_options(&options);
    let last = sheet.row_count.saturating_sub(1);
    for column in (0..sheet.column_count.min(MOST_COLUMNS)).filter(|column| !is_locked(sheet, last, *column)) {
        page.set_column_format(column as u16, &Format::new().set_unlocked())?;
    }
    Ok(())
}

fn is_locked(sheet: &Sheet, row: u32, column: u32) -> bool {
    let holds = |range: &GridRange| {
        let rows = range.rows().unwrap_or_default().within(sheet.row_count);
        let columns = range.columns().unwrap_or_default().within(sheet.column_count);
        rows.contains(&row) && columns.contains(&column)
    };
    sheet.protected_ranges.iter().any(|protected| {
        let open = protected.unprotected_ranges.iter().flatten().any(holds);
        protected.range.as_ref().is_none_or(holds) && !open
    })
}

/// Rules of cells below one another that have the same.
fn validations(sheet: &Sheet) -> Vec<(u32, std::ops::Range<u32>, &DataValidationRule)> {
    let mut cells: Vec<(u32, u32, &DataValidationRule)> = Vec::new();
    for (at, row) in &sheet.rows {
        let ruled = row
            .cells
            .iter()
            .filter_map(|(column, cell)| Some((*column, cell.validation.as_ref()?)));
        cells.extend(ruled.map(|(column, rule)| (column, *at, rule)));
    }
    cells.sort_by_key(|(column, row, _)| (*column, *row));
    let mut spans: Vec<(u32, std::ops::Range<u32>, &DataValidationRule)> = Vec::new();
    for (column, row, rule) in cells {
        match spans.last_mut() {
            Some((last, rows, known)) if *last == column && rows.end == row && *known == rule => rows.end = row + 1,
            _ => spans.push((column, row..row + 1, rule)),
        }
    }
    spans
}

/// Lists and boxes; other kinds stay behind.
fn validation(rule: &DataValidationRule) -> Result<Option<DataValidation>, XlsxError> {
    let Some(condition) = &rule.condition else {
        return Ok(None);
    };
    let words: Vec<&str> = match condition.r#type.as_deref() {
        Some("BOOLEAN") => vec!["TRUE", "FALSE"],
        Some("ONE_OF_LIST") => condition
            .values
            .iter()
            .flatten()
            .filter_map(|value| value.user_entered_value.as_deref())
            .collect(),
        _ => return Ok(None),
    };
    // A longer list has to stand in cells, which would change the tab.
    if words.is_empty() || words.join(",").chars().count() > 255 {
        return Ok(None);
    }
    let mut made = DataValidation::new().allow_list_strings(&words)?;
    if rule.strict != Some(true) {
        made = made.set_error_style(DataValidationErrorStyle::Warning);
    }
    if let Some(message) = &rule.input_message {
        made = made.set_input_message(message.chars().take(255).collect::<String>())?;
    }
    Ok(Some(made))
}

/// Colours of cells that begin with a word; other rules stay behind.
fn add_colours(page: &mut Worksheet, sheet: &Sheet, rule: &ConditionalFormatRule) -> Result<(), XlsxError> {
    let Some(made) = rule.boolean_rule.as_ref() else {
        return Ok(());
    };
    let condition = made.condition.as_ref();
    let word = condition
        .filter(|condition| condition.r#type.as_deref() == Some("TEXT_STARTS_WITH"))
        .and_then(|condition| condition.values.as_ref()?.first()?.user_entered_value.clone());
    let Some(word) = word else { return Ok(()) };
    let colours = ConditionalFormatText::new()
        .set_rule(ConditionalFormatTextRule::BeginsWith(word))
        .set_format(format(made.format.as_ref(), false));
    for range in rule.ranges.iter().flatten() {
        let rows = range.rows().unwrap_or(Span::ALL).within(sheet.row_count.min(MOST_ROWS));
        let columns = range
            .columns()
            .unwrap_or(Span::ALL)
            .within(sheet.column_count.min(MOST_COLUMNS));
        if !rows.is_empty() && !columns.is_empty() {
            page.add_conditional_format(
                rows.start,
                columns.start as u16,
                rows.end - 1,
                columns.end as u16 - 1,
                &colours,
            )?;
        }
    }
    Ok(())
}
