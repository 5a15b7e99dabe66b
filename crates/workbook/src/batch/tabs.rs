//! The workbook's own properties, and its tabs.

use sheets::fields::Mask;
use sheets::wire::{
    AddSheetReply, AddSheetRequest, DeleteSheetRequest, Dimension, Refusal, Reply, SheetProperties,
    UpdateSheetPropertiesRequest, UpdateSpreadsheetPropertiesRequest,
};

use super::{mask, needed};
use crate::formulas::adjust::{self, Shift};
use crate::get;
use crate::limits::MOST_SHEETS;
use crate::model::{Sheet, Workbook};
use crate::place;

pub(super) fn update_workbook(
    workbook: &mut Workbook,
    asked: &UpdateSpreadsheetPropertiesRequest,
) -> Result<(), Refusal> {
    let mask = mask(asked.fields.as_ref())?;
    let new = needed(asked.properties.as_ref(), "properties")?;
    let mut set = |field: &str, value: &Option<String>, target: fn(&mut Workbook) -> &mut String| {
        if let Some(value) = value.as_ref().filter(|value| mask.has(&[field]) && !value.is_empty()) {
            target(workbook).clone_from(value);
        }
    };
    set("title", &new.title, |workbook| &mut workbook.title);
    set("locale", &new.locale, |workbook| &mut workbook.locale);
    set("timeZone", &new.time_zone, |workbook| &mut workbook.time_zone);
    Ok(())
}

pub(super) fn add(workbook: &mut Workbook, asked: &AddSheetRequest) -> Result<Reply, Refusal> {
    let properties = asked.properties.clone().unwrap_or_default();
    if workbook.sheets.len() >= MOST_SHEETS {
        return Err(Refusal::invalid(format!("A workbook has at most {MOST_SHEETS} tabs.")));
    }
    let id = match properties.sheet_id {
        Some(id) if workbook.position_of(id).is_some() => {
            return Err(Refusal::invalid(format!("Sheet with id {id} already exists.")));
        }
        Some(id) if !(0..=i64::from(i32::MAX)).contains(&id) => {
            return Err(Refusal::invalid(format!(
                "{id} is no id for a tab: use 0 to {}.",
                i32::MAX
            )));
        }
        Some(id) => id,
        None => workbook.sheets.iter().map(|sheet| sheet.id).max().unwrap_or(0) + 1,
    };
    let title = properties.title.clone().unwrap_or_else(|| free_title(workbook));
    check_title(workbook, &title, None)?;
    let mut sheet = Sheet::new(id, title);
    set(&mut sheet, &properties, &Mask::ALL)?;
    let at = position(properties.index, workbook.sheets.len());
    workbook.sheets.insert(at, sheet);
    let properties = Some(get::properties(workbook, at));
    Ok(Reply {
        add_sheet: Some(AddSheetReply { properties }),
        ..Reply::default()
    })
}

pub(super) fn delete(workbook: &mut Workbook, asked: &DeleteSheetRequest) -> Result<(), Refusal> {
    let at = place::sheet_of(workbook, asked.sheet_id.unwrap_or(0))?;
    let others = workbook
        .sheets
        .iter()
        .enumerate()
        .filter(|(other, sheet)| *other != at && !sheet.hidden)
        .count();
    if others == 0 {
        return Err(Refusal::invalid(
            "You can't remove all the visible sheets in a document.",
        ));
    }
    let gone = workbook.sheets.remove(at);
    adjust::forget(workbook, &gone.title);
    Ok(())
}

pub(super) fn update(workbook: &mut Workbook, asked: &UpdateSheetPropertiesRequest) -> Result<(), Refusal> {
    let mask = mask(asked.fields.as_ref())?;
    let new = needed(asked.properties.as_ref(), "properties")?;
    let at = place::sheet_of(workbook, new.sheet_id.unwrap_or(0))?;
    if let Some(title) = new.title.as_ref().filter(|_| mask.has(&["title"])) {
        check_title(workbook, title, Some(at))?;
        let old = std::mem::replace(&mut workbook.sheets[at].title, title.clone());
        if old != *title {
            adjust::rename(workbook, &old, title);
        }
    }
    let size = |workbook: &Workbook| (workbook.sheets[at].row_count, workbook.sheets[at].column_count);
    let old = size(workbook);
    set(&mut workbook.sheets[at], new, &mask)?;
    let new_size = size(workbook);
    for (dimension, start, end) in [
        (Dimension::Rows, new_size.0, old.0),
        (Dimension::Columns, new_size.1, old.1),
    ] {
        if start < end {
            adjust::shift(workbook, at, dimension, Shift::Delete { start, end }, None);
        }
    }
    if workbook.sheets.iter().all(|sheet| sheet.hidden) {
        return Err(Refusal::invalid("You can't hide all the sheets in a document."));
    }
    if mask.has(&["index"]) && new.index.is_some() {
        // The place is counted before the tab is taken out.
        let to = position(new.index, workbook.sheets.len());
        let sheet = workbook.sheets.remove(at);
        workbook.sheets.insert(if to > at { to - 1 } else { to }, sheet);
    }
    Ok(())
}

fn set(sheet: &mut Sheet, new: &SheetProperties, mask: &Mask) -> Result<(), Refusal> {
    let grid = new.grid_properties.clone().unwrap_or_default();
    let count = |field: &str, value: Option<i64>, least: u32, most: u32| -> Result<Option<u32>, Refusal> {
        let Some(value) = value.filter(|_| mask.has(&["gridProperties", field])) else {
            return Ok(None);
        };
        let count = u32::try_from(value).ok().filter(|count| (least..=most).contains(count));
        let refusal = || {
            Refusal::invalid(format!(
                "gridProperties.{field} must be {least} to {most}, not {value}."
            ))
        };
        count.map(Some).ok_or_else(refusal)
    };
    if let Some(rows) = count("rowCount", grid.row_count, 1, sheets::a1::MOST_ROWS)? {
        sheet.row_count = rows;
        drop(sheet.rows.split_off(&rows));
    }
    if let Some(columns) = count("columnCount", grid.column_count, 1, sheets::a1::MOST_COLUMNS)? {
        if columns < sheet.column_count {
            drop(sheet.columns.split_off(&columns));
            for row in sheet
                .rows
                .values_mut()
                .filter(|row| row.cells.range(columns..).next().is_some())
            {
                drop(std::sync::Arc::make_mut(row).cells.split_off(&columns));
            }
            sheet.rows.retain(|_, row| !row.is_bare());
        }
        sheet.column_count = columns;
    }
    if let Some(frozen) = count("frozenRowCount", grid.frozen_row_count, 0, sheet.row_count - 1)? {
        sheet.frozen_rows = frozen;
    }
    if let Some(frozen) = count("frozenColumnCount", grid.frozen_column_count, 0, sheet.column_count - 1)? {
        sheet.frozen_columns = frozen;
    }
    sheet.frozen_rows = sheet.frozen_rows.min(sheet.row_count - 1);
    sheet.frozen_columns = sheet.frozen_columns.min(sheet.column_count - 1);
    if mask.has(&["gridProperties", "hideGridlines"]) {
        sheet.hide_gridlines = grid.hide_gridlines.unwrap_or(false);
    }
    if mask.has(&["hidden"]) {
        sheet.hidden = new.hidden.unwrap_or(false);
    }
    if mask.has(&["rightToLeft"]) {
        sheet.right_to_left = new.right_to_left.unwrap_or(false);
    }
    if mask.has(&["tabColor"]) {
        sheet.tab_color.clone_from(&new.tab_color);
    }
    if mask.has(&["tabColorStyle"]) {
        sheet.tab_color_style.clone_from(&new.tab_color_style);
    }
    Ok(())
}

fn check_title(workbook: &Workbook, title: &str, own: Option<usize>) -> Result<(), Refusal> {
    if title.trim().is_empty() || title.chars().count() > 100 {
        return Err(Refusal::invalid("The name of a tab must have 1 to 100 characters."));
    }
    if workbook.position_of_title(title).is_some_and(|at| Some(at) != own) {
        return Err(Refusal::invalid(format!(
            "A sheet with the name \"{title}\" already exists. Please enter another name."
        )));
    }
    Ok(())
}

fn free_title(workbook: &Workbook) -> String {
    let mut number = workbook.sheets.len() + 1;
    while workbook.position_of_title(&format!("Sheet{number}")).is_some() {
        number += 1;
    }
    format!("Sheet{number}")
}

fn position(index: Option<i64>, count: usize) -> usize {
    index
        .and_then(|index| usize::try_from(index).ok())
        .map_or(count, |index| index.min(count))
}
