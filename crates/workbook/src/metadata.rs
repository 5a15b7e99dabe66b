//! Developer metadata: keys and values that stay with a row, a column, a tab or the workbook.

use sheets::wire::{
    DataFilter, DeveloperMetadata, DeveloperMetadataLocation, DeveloperMetadataLookup, Dimension, DimensionRange,
    MatchedDeveloperMetadata, Refusal, SearchDeveloperMetadataRequest, SearchDeveloperMetadataResponse,
};

use crate::model::{Metadata, Workbook};
use crate::place::{self, Place};

/// Where a piece of metadata stands; tabs by position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spot {
    Workbook,
    Sheet(usize),
    Row(usize, u32),
    Column(usize, u32),
}

/// Finds one piece of metadata by its id.
pub fn get(workbook: &Workbook, id: i64) -> Result<DeveloperMetadata, Refusal> {
    let found = all(workbook).into_iter().find(|(_, metadata)| metadata.id == id);
    found
        .map(|(spot, metadata)| said(workbook, spot, metadata))
        .ok_or_else(Refusal::not_found)
}

/// Finds all metadata that filters match.
pub fn search(
    workbook: &Workbook,
    request: &SearchDeveloperMetadataRequest,
) -> Result<SearchDeveloperMetadataResponse, Refusal> {
    let filters = request.data_filters.as_deref().unwrap_or_default();
    crate::limits::check_batch(filters.len())?;
    let mut found: Vec<MatchedDeveloperMetadata> = Vec::new();
    for filter in filters {
        for metadata in matched(workbook, filter)? {
            let known = found
                .iter_mut()
                .find(|known| known.developer_metadata.as_ref() == Some(&metadata));
            match known.and_then(|known| known.data_filters.as_mut()) {
                Some(filters) => filters.push(filter.clone()),
                None => found.push(MatchedDeveloperMetadata {
                    developer_metadata: Some(metadata),
                    data_filters: Some(vec![filter.clone()]),
                }),
            }
        }
    }
    let matched_developer_metadata = (!found.is_empty()).then_some(found);
    Ok(SearchDeveloperMetadataResponse {
        matched_developer_metadata,
    })
}

/// Finds the metadata that one filter matches.
pub(crate) fn matched(workbook: &Workbook, filter: &DataFilter) -> Result<Vec<DeveloperMetadata>, Refusal> {
    let pieces = all(workbook).into_iter();
    if let Some(lookup) = &filter.developer_metadata_lookup {
        let hits = pieces.filter(|(spot, metadata)| fits(workbook, *spot, metadata, lookup));
        return Ok(hits.map(|(spot, metadata)| said(workbook, spot, metadata)).collect());
    }
    let places = crate::values::places_of(workbook, filter)?;
    let hits = pieces.filter(|(spot, _)| places.iter().any(|place| overlaps(place, *spot)));
    Ok(hits.map(|(spot, metadata)| said(workbook, spot, metadata)).collect())
}

/// Finds the rows, columns and tabs that carry what a lookup asks for.
pub(crate) fn places(workbook: &Workbook, lookup: &DeveloperMetadataLookup) -> Vec<Place> {
    let mut places = Vec::new();
    for (spot, metadata) in all(workbook) {
        if !fits(workbook, spot, metadata, lookup) {
            continue;
        }
        let whole = |at: usize| Place {
            sheet: at,
            rows: 0..workbook.sheets[at].row_count,
            columns: 0..workbook.sheets[at].column_count,
        };
        places.push(match spot {
            Spot::Workbook => continue,
            Spot::Sheet(at) => whole(at),
            Spot::Row(at, row) => Place {
                rows: row..row + 1,
                ..whole(at)
            },
            Spot::Column(at, column) => Place {
                columns: column..column + 1,
                ..whole(at)
            },
        });
    }
    places
}

/// Says a piece of metadata in the words of the API.
pub(crate) fn said(workbook: &Workbook, spot: Spot, metadata: &Metadata) -> DeveloperMetadata {
    DeveloperMetadata {
        metadata_id: Some(metadata.id),
        metadata_key: Some(metadata.key.clone()),
        metadata_value: metadata.value.clone(),
        location: Some(location(workbook, spot)),
        visibility: Some(metadata.visibility.clone()),
    }
}

/// Returns the list that holds the metadata of a spot; a row is made where there was none.
pub(crate) fn list_mut(workbook: &mut Workbook, spot: Spot) -> &mut Vec<Metadata> {
    match spot {
        Spot::Workbook => &mut workbook.metadata,
        Spot::Sheet(at) => &mut workbook.sheets[at].metadata,
        Spot::Row(at, row) => &mut workbook.row_mut(at, row).metadata,
        Spot::Column(at, column) => &mut workbook.sheets[at].columns.entry(column).or_default().metadata,
    }
}

/// Takes a piece of metadata away wherever it stands.
pub(crate) fn remove(workbook: &mut Workbook, id: i64) -> Option<(Spot, Metadata)> {
    let spot = all(workbook).into_iter().find(|(_, metadata)| metadata.id == id)?.0;
    let list = list_mut(workbook, spot);
    let at = list.iter().position(|metadata| metadata.id == id)?;
    let metadata = list.remove(at);
    if let Spot::Row(sheet, row) = spot {
        workbook.sheets[sheet].tidy(row..row + 1);
    }
    Some((spot, metadata))
}

/// Reads where metadata is to stand; it stands with one row or one column, never with several.
pub(crate) fn spot_of(workbook: &Workbook, location: &DeveloperMetadataLocation) -> Result<Spot, Refusal> {
    if let Some(range) = &location.dimension_range {
        let (sheet, span) = place::of_dimension(workbook, range)?;
        if span.len() != 1 {
            return Err(Refusal::invalid(
                "Developer metadata must be associated with exactly one row or column.",
            ));
        }
        return Ok(match range.dimension() {
            Dimension::Rows => Spot::Row(sheet, span.start),
            Dimension::Columns => Spot::Column(sheet, span.start),
        });
    }
    match (location.sheet_id, location.spreadsheet) {
        (Some(sheet_id), _) => Ok(Spot::Sheet(place::sheet_of(workbook, sheet_id)?)),
        (None, Some(true)) => Ok(Spot::Workbook),
        _ => Err(Refusal::invalid(
            "Developer metadata must name its location: spreadsheet, sheetId or dimensionRange.",
        )),
    }
}

fn all(workbook: &Workbook) -> Vec<(Spot, &Metadata)> {
    let mut pieces: Vec<_> = workbook
        .metadata
        .iter()
        .map(|metadata| (Spot::Workbook, metadata))
        .collect();
    for (at, sheet) in workbook.sheets.iter().enumerate() {
        pieces.extend(sheet.metadata.iter().map(|metadata| (Spot::Sheet(at), metadata)));
        for (column, content) in &sheet.columns {
            pieces.extend(
                content
                    .metadata
                    .iter()
                    .map(|metadata| (Spot::Column(at, *column), metadata)),
            );
        }
        for (row, content) in &sheet.rows {
            pieces.extend(content.metadata.iter().map(|metadata| (Spot::Row(at, *row), metadata)));
        }
    }
    pieces
}

fn fits(workbook: &Workbook, spot: Spot, metadata: &Metadata, lookup: &DeveloperMetadataLookup) -> bool {
    fn same<T: PartialEq>(asked: Option<&T>, has: &T) -> bool {
        asked.is_none_or(|asked| asked == has)
    }
    let kind_fits = match lookup.location_type.as_deref() {
        None | Some("DEVELOPER_METADATA_LOCATION_TYPE_UNSPECIFIED") => true,
        Some(asked) => asked == kind(spot),
    };
    let value_fits = lookup
        .metadata_value
        .as_ref()
        .is_none_or(|asked| Some(asked) == metadata.value.as_ref());
    let place_fits = lookup.metadata_location.as_ref().is_none_or(|asked| {
        let exact = lookup.location_matching_strategy.as_deref() == Some("EXACT_LOCATION");
        spot_of(workbook, asked).is_ok_and(|asked| asked == spot || (!exact && contains(asked, spot)))
    });
    kind_fits
        && value_fits
        && place_fits
        && same(lookup.metadata_id.as_ref(), &metadata.id)
        && same(lookup.metadata_key.as_ref(), &metadata.key)
        && same(lookup.visibility.as_ref(), &metadata.visibility)
}

fn contains(outer: Spot, inner: Spot) -> bool {
    match (outer, inner) {
        (Spot::Workbook, _) => true,
        (Spot::Sheet(outer), Spot::Sheet(at) | Spot::Row(at, _) | Spot::Column(at, _)) => outer == at,
        _ => false,
    }
}

fn overlaps(place: &Place, spot: Spot) -> bool {
    match spot {
        Spot::Workbook => false,
        Spot::Sheet(at) => place.sheet == at,
        Spot::Row(at, row) => place.sheet == at && place.rows.contains(&row),
        Spot::Column(at, column) => place.sheet == at && place.columns.contains(&column),
    }
}

fn kind(spot: Spot) -> &'static str {
    match spot {
        Spot::Workbook => "SPREADSHEET",
        Spot::Sheet(_) => "SHEET",
        Spot::Row(..) => "ROW",
        Spot::Column(..) => "COLUMN",
    }
}

fn location(workbook: &Workbook, spot: Spot) -> DeveloperMetadataLocation {
    let line = |at: usize, dimension, index: u32| {
        Some(DimensionRange {
            sheet_id: Some(workbook.sheets[at].id),
            dimension: Some(dimension),
            start_index: Some(i64::from(index)),
            end_index: Some(i64::from(index) + 1),
        })
    };
    let (spreadsheet, sheet_id, dimension_range) = match spot {
        Spot::Workbook => (Some(true), None, None),
        Spot::Sheet(at) => (None, Some(workbook.sheets[at].id), None),
        Spot::Row(at, row) => (None, None, line(at, Dimension::Rows, row)),
        Spot::Column(at, column) => (None, None, line(at, Dimension::Columns, column)),
    };
    DeveloperMetadataLocation {
        location_type: Some(kind(spot).to_owned()),
        spreadsheet,
        sheet_id,
        dimension_range,
    }
}
