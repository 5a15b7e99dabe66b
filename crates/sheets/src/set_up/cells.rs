//! What stands above the data: headers, owner, type and unit, help.

use super::{Placed, looks};
use crate::tabs::{HEADER_ROW, Layout};
use crate::wire::{CellData, CellFormat, ExtendedValue, GridCoordinate, Request, RowData, UpdateCellsRequest};

/// Writes the rows above the data, column by column: between ours stand columns of the product manager. A header that is
/// there keeps the words in which it was written.
pub(super) fn write(id: i64, layout: Layout, columns: &[Placed]) -> Vec<Request> {
    columns
        .iter()
        .flat_map(|placed| of_column(id, layout, *placed))
        .collect()
}

fn of_column(id: i64, layout: Layout, placed: Placed) -> Vec<Request> {
    let Placed { column, at, is_new } = placed;
    let head = looks::head(column.owner);
    let mut requests = vec![if is_new {
        cells(
            id,
            HEADER_ROW,
            at,
            vec![cell(column.header, head)],
            "userEnteredValue,userEnteredFormat",
        )
    } else {
        let format = CellData {
            user_entered_format: Some(head),
            ..CellData::default()
        };
        cells(id, HEADER_ROW, at, vec![format], "userEnteredFormat")
    }];
    if let Some(first) = layout.owner_row() {
        let small = looks::help;
        let help = vec![
            cell(column.owner.word(), small(column.owner)),
            cell(&column.kind_in_words(), small(column.owner)),
            cell(column.help, small(column.owner)),
        ];
        requests.push(cells(id, first, at, help, "userEnteredValue,userEnteredFormat"));
    }
    requests
}

/// Cells below one another; `row` is counted from 1.
fn cells(id: i64, row: u32, column: u32, cells: Vec<CellData>, fields: &str) -> Request {
    let rows = cells.into_iter().map(|cell| RowData {
        values: Some(vec![cell]),
    });
    Request::UpdateCells(Box::new(UpdateCellsRequest {
        rows: Some(rows.collect()),
        fields: Some(fields.to_owned()),
        start: Some(GridCoordinate {
            sheet_id: Some(id),
            row_index: Some(i64::from(row) - 1),
            column_index: Some(i64::from(column)),
        }),
        range: None,
    }))
}

fn cell(text: &str, format: CellFormat) -> CellData {
    CellData {
        user_entered_value: Some(ExtendedValue {
            string_value: Some(text.to_owned()),
            ..ExtendedValue::default()
        }),
        user_entered_format: Some(format),
        ..CellData::default()
    }
}
