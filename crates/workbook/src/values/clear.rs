//! Clears values; formats, notes and validation stay.

use std::sync::Arc;

use sheets::wire::{
    BatchClearValuesByDataFilterRequest, BatchClearValuesRequest, BatchClearValuesResponse, ClearValuesResponse,
    Refusal,
};

use super::filter::places_of;
use super::{Applied, apply};
use crate::limits::check_batch;
use crate::model::{Value, Workbook};
use crate::place::{self, Place};

/// Clears one range.
pub fn clear(workbook: &Workbook, range: &str) -> Result<Applied<ClearValuesResponse>, Refusal> {
    let place = place::of_a1(workbook, range)?;
    let work = |workbook: &mut Workbook| {
        clear_place(workbook, &place);
        Ok(())
    };
    apply(workbook, work, |workbook, ()| {
        let cleared_range = Some(place.name(workbook));
        Ok(ClearValuesResponse {
            spreadsheet_id: Some(workbook.id.clone()),
            cleared_range,
        })
    })
}

/// Clears several ranges, all or none.
pub fn batch_clear(
    workbook: &Workbook,
    request: &BatchClearValuesRequest,
) -> Result<Applied<BatchClearValuesResponse>, Refusal> {
    let ranges = request.ranges.as_deref().unwrap_or_default();
    check_batch(ranges.len())?;
    let places: Result<Vec<_>, _> = ranges.iter().map(|range| place::of_a1(workbook, range)).collect();
    clear_all(workbook, &places?)
}

/// Clears what filters match, all or none.
pub fn batch_clear_by_filter(
    workbook: &Workbook,
    request: &BatchClearValuesByDataFilterRequest,
) -> Result<Applied<BatchClearValuesResponse>, Refusal> {
    let filters = request.data_filters.as_deref().unwrap_or_default();
    check_batch(filters.len())?;
    let mut places = Vec::new();
    for filter in filters {
        places.extend(places_of(workbook, filter)?);
    }
    clear_all(workbook, &places)
}

fn clear_all(workbook: &Workbook, places: &[Place]) -> Result<Applied<BatchClearValuesResponse>, Refusal> {
    let work = |workbook: &mut Workbook| {
        for place in places {
            clear_place(workbook, place);
        }
        Ok(())
    };
    apply(workbook, work, |workbook, ()| {
        let cleared_ranges = Some(places.iter().map(|place| place.name(workbook)).collect());
        Ok(BatchClearValuesResponse {
            spreadsheet_id: Some(workbook.id.clone()),
            cleared_ranges,
        })
    })
}

fn clear_place(workbook: &mut Workbook, place: &Place) {
    let sheet = &mut workbook.sheets[place.sheet];
    for row in sheet.rows.range_mut(place.rows.clone()).map(|(_, row)| row) {
        let holds = row
            .cells
            .range(place.columns.clone())
            .any(|(_, cell)| cell.value != Value::Empty);
        if holds {
            for (_, cell) in Arc::make_mut(row).cells.range_mut(place.columns.clone()) {
                cell.value = Value::Empty;
            }
        }
    }
    sheet.tidy(place.rows.clone());
}
