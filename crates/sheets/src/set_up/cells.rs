//! What stands above the data: headers, owner, type and unit, help.

use super::{Placed, looks};
use crate::tabs::{HEADER_ROW, Layout};
use crate::wire::{CellData, CellFormat, ExtendedValue, Request};

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
        Request::column_of_cells(
            id,
            HEADER_ROW - 1,
            at,
            vec![cell(column.header, head)],
            "userEnteredValue,userEnteredFormat",
        )
    } else {
        let format = CellData {
            user_entered_format: Some(head),
            ..CellData::default()
        };
        Request::column_of_cells(id, HEADER_ROW - 1, at, vec![format], "userEnteredFormat")
    }];
    if let Some(first) = layout.owner_row() {
        let small = looks::help(column.owner);
        let help = vec![
            cell(column.owner.word(), small.clone()),
            cell(&column.kind_in_words(), small.clone()),
            cell(column.help, small),
        ];
        requests.push(Request::column_of_cells(
            id,
            first - 1,
            at,
            help,
            "userEnteredValue,userEnteredFormat",
        ));
    }
    requests
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
