//! Setting up: the tabs of a workbook that is made for somebody, and the help on a tab that is restored.
//!
//! Everything is made from the header maps of [`crate::tabs`]. Doing it twice changes nothing more: what an earlier time
//! left behind is replaced, and columns of the product manager are never touched.

mod cells;
mod looks;
mod rules;
#[cfg(test)]
mod tests;

use crate::a1::Span;
use crate::headers::Headers;
use crate::tabs::{Column, HEADER_ROW, Layout, Tab, WorkbookRole};
use crate::wire::{
    AppendDimensionRequest, Dimension, GridProperties, Request, Sheet, SheetProperties, Spreadsheet,
    SpreadsheetProperties, UpdateSheetPropertiesRequest,
};

/// A workbook to be made: its tabs, still without headers. Dress each tab when it is there.
pub fn workbook(role: WorkbookRole, title: &str, locale: &str, time_zone: &str) -> Spreadsheet {
    let tabs = role.tabs().iter().enumerate();
    Spreadsheet {
        properties: Some(SpreadsheetProperties {
            title: Some(title.to_owned()),
            locale: Some(locale.to_owned()),
            time_zone: Some(time_zone.to_owned()),
            ..SpreadsheetProperties::default()
        }),
        sheets: Some(tabs.map(|(at, tab)| bare(tab, at as i64)).collect()),
        ..Spreadsheet::default()
    }
}

/// A tab without anything on it.
fn bare(tab: &Tab, index: i64) -> Sheet {
    Sheet {
        properties: Some(SheetProperties {
            // Ids are ours to choose and no place of a tab: 0 belongs to the tab that Google makes by itself.
            sheet_id: Some(index + 1),
            title: Some(tab.name.to_owned()),
            index: Some(index),
            grid_properties: Some(GridProperties {
                row_count: Some(i64::from(tab.default_rows)),
                column_count: Some(i64::from(tab.default_columns)),
                ..GridProperties::default()
            }),
            ..SheetProperties::default()
        }),
        ..Sheet::default()
    }
}

/// A column of the tab and where it stands, or will stand, in the sheet.
#[derive(Debug, Clone, Copy)]
struct Placed {
    column: &'static Column,
    at: u32,
    is_new: bool,
}

/// The changes that give `sheet` the headers it lacks, the help, the dropdowns, the protection and the looks of its tab.
///
/// `sheet` is read with its properties, protected ranges and conditional formats; `headers` from its first row. Missing
/// headers are added at the right end, so that nothing moves.
pub fn dress(sheet: &Sheet, headers: &Headers) -> Vec<Request> {
    let tab = headers.tab;
    let id = sheet_id(sheet);
    let columns = placed(headers);
    let mut requests = grown(sheet, &columns);
    requests.push(frozen(id, tab.layout));
    requests.extend(cells::write(id, tab.layout, &columns));
    requests.extend(looks::number_formats(id, tab.layout, &columns));
    requests.extend(rules::validations(id, tab.layout, &columns));
    requests.extend(rules::protections(sheet, tab.layout, &columns));
    requests.extend(looks::status_colours(sheet, tab, &columns));
    requests
}

/// The id of a tab that was read.
fn sheet_id(sheet: &Sheet) -> i64 {
    sheet
        .properties
        .as_ref()
        .and_then(|properties| properties.sheet_id)
        .unwrap_or(0)
}

/// Columns of the tab from left to right, those it lacks last.
fn placed(headers: &Headers) -> Vec<Placed> {
    let known = headers.found.iter().map(|found| Placed {
        column: found.column,
        at: found.at,
        is_new: false,
    });
    let lacking = headers.absent().into_iter().zip(headers.width..);
    let new = lacking.map(|(column, at)| Placed {
        column,
        at,
        is_new: true,
    });
    known.chain(new).collect()
}

/// Columns that the grid lacks.
fn grown(sheet: &Sheet, columns: &[Placed]) -> Vec<Request> {
    let grid = sheet
        .properties
        .as_ref()
        .and_then(|properties| properties.grid_properties.as_ref());
    let width = grid.and_then(|grid| grid.column_count).unwrap_or(0);
    let wanted = columns.iter().map(|placed| i64::from(placed.at) + 1).max().unwrap_or(0);
    if wanted <= width {
        return Vec::new();
    }
    vec![Request::AppendDimension(Box::new(AppendDimensionRequest {
        sheet_id: Some(sheet_id(sheet)),
        dimension: Some(Dimension::Columns),
        length: Some(wanted - width),
    }))]
}

/// What stands above the data stays in view.
fn frozen(id: i64, layout: Layout) -> Request {
    Request::UpdateSheetProperties(Box::new(UpdateSheetPropertiesRequest {
        properties: Some(SheetProperties {
            sheet_id: Some(id),
            grid_properties: Some(GridProperties {
                frozen_row_count: Some(i64::from(layout.first_data_row() - HEADER_ROW)),
                ..GridProperties::default()
            }),
            ..SheetProperties::default()
        }),
        fields: Some("gridProperties.frozenRowCount".to_owned()),
    }))
}

/// The rows of data, to the end of the grid.
fn data_rows(layout: Layout) -> Span {
    Span {
        start: Some(layout.first_data_row() - 1),
        end: None,
    }
}

/// Columns of which something holds, neighbours together.
fn runs(columns: &[Placed], holds: impl Fn(&Placed) -> bool) -> Vec<Span> {
    let mut places: Vec<u32> = columns
        .iter()
        .filter(|placed| holds(placed))
        .map(|placed| placed.at)
        .collect();
    places.sort_unstable();
    let mut spans: Vec<Span> = Vec::new();
    for at in places {
        match spans.last_mut() {
            Some(last) if last.end == Some(at) => last.end = Some(at + 1),
            _ => spans.push(Span::one(at)),
        }
    }
    spans
}
