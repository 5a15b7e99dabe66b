//! Values by data filter: ranges found by metadata, A1 notation or grid range.

use sheets::wire::{
    BatchGetValuesByDataFilterRequest, BatchGetValuesByDataFilterResponse, BatchUpdateValuesByDataFilterRequest,
    BatchUpdateValuesByDataFilterResponse, DataFilter, MatchedValueRange, Refusal, UpdateValuesByDataFilterResponse,
    ValueRange,
};

use super::read::{Reading, listed};
use super::write::{Totals, answer, input_missing, write_lines};
use super::{Applied, apply};
use crate::limits::check_batch;
use crate::metadata;
use crate::model::Workbook;
use crate::place::{self, Place};

/// Finds all places that a filter matches.
pub(crate) fn places_of(workbook: &Workbook, filter: &DataFilter) -> Result<Vec<Place>, Refusal> {
    match (&filter.a1_range, &filter.grid_range, &filter.developer_metadata_lookup) {
        (Some(range), None, None) => Ok(vec![place::of_a1(workbook, range)?]),
        (None, Some(range), None) => Ok(vec![place::of_grid(workbook, range)?]),
        (None, None, Some(lookup)) => Ok(metadata::places(workbook, lookup)),
        _ => Err(Refusal::invalid(
            "A data filter names exactly one of developerMetadataLookup, a1Range and gridRange.",
        )),
    }
}

/// Reads what filters match.
pub fn batch_get_by_filter(
    workbook: &Workbook,
    request: &BatchGetValuesByDataFilterRequest,
) -> Result<BatchGetValuesByDataFilterResponse, Refusal> {
    let filters = request.data_filters.as_deref().unwrap_or_default();
    check_batch(filters.len())?;
    let reading = Reading {
        dimension: request.major_dimension.unwrap_or_default(),
        values: request.value_render_option.unwrap_or_default(),
        times: request.date_time_render_option.unwrap_or_default(),
    };
    let mut found: Vec<(Place, Vec<DataFilter>)> = Vec::new();
    for filter in filters {
        for place in places_of(workbook, filter)? {
            match found.iter_mut().find(|(known, _)| *known == place) {
                Some((_, matched)) => matched.push(filter.clone()),
                None => found.push((place, vec![filter.clone()])),
            }
        }
    }
    let mut value_ranges = Vec::with_capacity(found.len());
    for (place, filters) in found {
        let value_range = Some(listed(workbook, &place, reading)?);
        value_ranges.push(MatchedValueRange {
            value_range,
            data_filters: Some(filters),
        });
    }
    let spreadsheet_id = Some(workbook.id.clone());
    Ok(BatchGetValuesByDataFilterResponse {
        spreadsheet_id,
        value_ranges: Some(value_ranges),
    })
}

/// Writes where filters match, all or none.
pub fn batch_update_by_filter(
    workbook: &Workbook,
    request: &BatchUpdateValuesByDataFilterRequest,
) -> Result<Applied<BatchUpdateValuesByDataFilterResponse>, Refusal> {
    let input = request.value_input_option.ok_or_else(input_missing)?;
    let data = request.data.as_deref().unwrap_or_default();
    check_batch(data.len())?;
    let reading = Reading::of_answer(
        request.include_values_in_response,
        request.response_value_render_option,
        request.response_date_time_render_option,
    );
    let work = |workbook: &mut Workbook| {
        let mut parts = Vec::new();
        for part in data {
            let filter = part.data_filter.clone().unwrap_or_default();
            let values = ValueRange {
                range: None,
                major_dimension: part.major_dimension,
                values: part.values.clone(),
            };
            for place in places_of(workbook, &filter)? {
                let name = place.name(workbook);
                let written = write_lines(workbook, &place, &name, &values, input)?;
                parts.push((filter.clone(), written));
            }
        }
        Ok(parts)
    };
    apply(workbook, work, |workbook, parts| {
        let mut totals = Totals::default();
        let mut responses = Vec::with_capacity(parts.len());
        for (filter, written) in parts {
            totals.add(&written);
            let said = answer(workbook, &written, reading)?;
            responses.push(UpdateValuesByDataFilterResponse {
                updated_range: said.updated_range,
                updated_rows: said.updated_rows,
                updated_columns: said.updated_columns,
                updated_cells: said.updated_cells,
                data_filter: Some(filter),
                updated_data: said.updated_data,
            });
        }
        Ok(BatchUpdateValuesByDataFilterResponse {
            spreadsheet_id: Some(workbook.id.clone()),
            total_updated_rows: Some(totals.rows.len() as u64),
            total_updated_columns: Some(totals.columns.len() as u64),
            total_updated_cells: Some(totals.cells),
            total_updated_sheets: Some(totals.sheets.len() as u64),
            responses: Some(responses),
        })
    })
}
