//! `spreadsheets.get`: the workbook and, when asked, what its cells hold.

use std::ops::Range;

use sheets::values::Locale;
use sheets::wire::{
    CellData, DeveloperMetadata, DimensionProperties, GridData, GridProperties, Refusal, RowData, Sheet,
    SheetProperties, Spreadsheet, SpreadsheetProperties,
};

use crate::limits::{check_batch, check_cells};
use crate::metadata::{self, Spot};
use crate::model::{Cell, Metadata, Workbook};
use crate::place::{self, Place};
use crate::render;

/// What is asked for.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// Only the tabs and cells of these ranges; all where there are none.
    pub ranges: Vec<String>,
    /// The cells too.
    pub grid_data: bool,
}

/// Describes a workbook.
pub fn spreadsheet(workbook: &Workbook, asked: &Asked) -> Result<Spreadsheet, Refusal> {
    check_batch(asked.ranges.len())?;
    let places: Result<Vec<Place>, Refusal> = asked.ranges.iter().map(|range| place::of_a1(workbook, range)).collect();
    let places = places?;
    let mut sheets = Vec::new();
    let mut budget = 0;
    for at in 0..workbook.sheets.len() {
        let mut own: Vec<Place> = places.iter().filter(|place| place.sheet == at).cloned().collect();
        if own.is_empty() && !places.is_empty() {
            continue;
        }
        let tab = &workbook.sheets[at];
        if own.is_empty() {
            own.push(Place {
                sheet: at,
                rows: 0..tab.row_count,
                columns: 0..tab.column_count,
            });
        }
        let mut data = Vec::new();
        for place in own.iter().filter(|_| asked.grid_data) {
            data.push(grid_data(workbook, place, &mut budget)?);
        }
        sheets.push(Sheet {
            properties: Some(properties(workbook, at)),
            data: asked.grid_data.then_some(data),
            conditional_formats: list(&tab.conditional_formats),
            protected_ranges: list(&tab.protected_ranges),
            developer_metadata: pieces(workbook, Spot::Sheet(at), &tab.metadata),
        });
    }
    Ok(Spreadsheet {
        spreadsheet_id: Some(workbook.id.clone()),
        properties: Some(SpreadsheetProperties {
            title: Some(workbook.title.clone()),
            locale: Some(workbook.locale.clone()),
            auto_recalc: Some("ON_CHANGE".to_owned()),
            time_zone: Some(workbook.time_zone.clone()),
            default_format: None,
        }),
        sheets: Some(sheets),
        spreadsheet_url: None,
        developer_metadata: pieces(workbook, Spot::Workbook, &workbook.metadata),
    })
}

/// Describes one tab.
pub(crate) fn properties(workbook: &Workbook, at: usize) -> SheetProperties {
    let tab = &workbook.sheets[at];
    let frozen = |count: u32| (count > 0).then_some(i64::from(count));
    SheetProperties {
        sheet_id: Some(tab.id),
        title: Some(tab.title.clone()),
        index: Some(at as i64),
        sheet_type: Some("GRID".to_owned()),
        grid_properties: Some(GridProperties {
            row_count: Some(i64::from(tab.row_count)),
            column_count: Some(i64::from(tab.column_count)),
            frozen_row_count: frozen(tab.frozen_rows),
            frozen_column_count: frozen(tab.frozen_columns),
            hide_gridlines: tab.hide_gridlines.then_some(true),
        }),
        hidden: tab.hidden.then_some(true),
        tab_color: tab.tab_color.clone(),
        tab_color_style: tab.tab_color_style.clone(),
        right_to_left: tab.right_to_left.then_some(true),
    }
}

fn grid_data(workbook: &Workbook, place: &Place, budget: &mut u64) -> Result<GridData, Refusal> {
    let tab = &workbook.sheets[place.sheet];
    let mut held = tab
        .rows
        .range(place.rows.clone())
        .filter(|(_, row)| row.cells.range(place.columns.clone()).next().is_some());
    let last_row = held.next_back().map_or(place.rows.start, |(row, _)| row + 1);
    // Every row and column of the range answers its size, so these count as well.
    *budget += u64::from(last_row - place.rows.start) + u64::from(place.rows.end - place.rows.start);
    check_cells(*budget)?;
    let locale = Locale::of(&workbook.locale);
    let mut row_data = Vec::new();
    for row in place.rows.start..last_row {
        let end = tab
            .rows
            .get(&row)
            .and_then(|row| row.cells.range(place.columns.clone()).next_back());
        let end = end.map_or(place.columns.start, |(column, _)| column + 1);
        *budget += u64::from(end - place.columns.start);
        check_cells(*budget)?;
        let cells: Vec<CellData> = (place.columns.start..end)
            .map(|column| tab.cell(row, column).map(|cell| said(cell, locale)).unwrap_or_default())
            .collect();
        row_data.push(RowData { values: list(&cells) });
    }
    Ok(GridData {
        start_row: (place.rows.start > 0).then_some(place.rows.start),
        start_column: (place.columns.start > 0).then_some(place.columns.start),
        row_data: list(&row_data),
        row_metadata: Some(row_metadata(workbook, place.sheet, place.rows.clone())),
        column_metadata: Some(column_metadata(workbook, place.sheet, place.columns.clone())),
    })
}

fn said(cell: &Cell, locale: Locale) -> CellData {
    let shown = render::formatted(cell, locale);
    CellData {
        user_entered_value: render::entered(&cell.value),
        effective_value: render::effective(&cell.value),
        formatted_value: (!shown.is_empty()).then_some(shown),
        user_entered_format: cell.format.clone(),
        effective_format: cell.format.clone(),
        hyperlink: None,
        note: cell.note.clone(),
        data_validation: cell.validation.clone(),
    }
}

fn row_metadata(workbook: &Workbook, sheet: usize, rows: Range<u32>) -> Vec<DimensionProperties> {
    rows.map(|at| {
        let row = workbook.sheets[sheet].rows.get(&at);
        let own = row.and_then(|row| row.properties.clone()).unwrap_or_default();
        let metadata = row.and_then(|row| pieces(workbook, Spot::Row(sheet, at), &row.metadata));
        DimensionProperties {
            pixel_size: own.pixel_size.or(Some(21)),
            developer_metadata: metadata,
            ..own
        }
    })
    .collect()
}

fn column_metadata(workbook: &Workbook, sheet: usize, columns: Range<u32>) -> Vec<DimensionProperties> {
    columns
        .map(|at| {
            let column = workbook.sheets[sheet].columns.get(&at);
            let own = column.and_then(|column| column.properties.clone()).unwrap_or_default();
            let metadata = column.and_then(|column| pieces(workbook, Spot::Column(sheet, at), &column.metadata));
            DimensionProperties {
                pixel_size: own.pixel_size.or(Some(100)),
                developer_metadata: metadata,
                ..own
            }
        })
        .collect()
}

fn pieces(workbook: &Workbook, spot: Spot, metadata: &[Metadata]) -> Option<Vec<DeveloperMetadata>> {
    let said: Vec<_> = metadata
        .iter()
        .map(|piece| metadata::said(workbook, spot, piece))
        .collect();
    list(&said)
}

fn list<T: Clone>(items: &[T]) -> Option<Vec<T>> {
    (!items.is_empty()).then(|| items.to_vec())
}
