//! Metadata that stays with a row, a column, a tab or a workbook, and filters that find it.

use super::{Dimension, Spreadsheet};
use super::{GridRange, messages, whole};

messages! {
    /// A key and a value that stay with a place.
    DeveloperMetadata {
        /// Its id in the workbook.
        #[serde(deserialize_with = "whole")]
        metadata_id: i64,
        /// The key; several may be alike.
        metadata_key: String,
        /// The value.
        metadata_value: String,
        /// Where it is.
        location: DeveloperMetadataLocation,
        /// `DOCUMENT` or `PROJECT`.
        visibility: String,
    }

    /// The place of metadata.
    DeveloperMetadataLocation {
        /// `ROW`, `COLUMN`, `SHEET` or `SPREADSHEET`; answered only.
        location_type: String,
        /// Whether it is the whole workbook.
        spreadsheet: bool,
        /// The tab, when it is a whole one.
        #[serde(deserialize_with = "whole")]
        sheet_id: i64,
        /// One row or column.
        dimension_range: DimensionRange,
    }

    /// Rows or columns of a tab, zero-based and half-open.
    DimensionRange {
        /// The tab.
        #[serde(deserialize_with = "whole")]
        sheet_id: i64,
        /// Whether rows or columns.
        dimension: Dimension,
        /// The first.
        #[serde(deserialize_with = "whole")]
        start_index: i64,
        /// The one after the last.
        #[serde(deserialize_with = "whole")]
        end_index: i64,
    }

    /// What finds cells or metadata: one of its fields is set.
    DataFilter {
        /// By metadata.
        developer_metadata_lookup: DeveloperMetadataLookup,
        /// By a range in A1 notation.
        a1_range: String,
        /// By a range in numbers.
        grid_range: GridRange,
    }

    /// What metadata is looked for; everything that is said must hold.
    DeveloperMetadataLookup {
        /// `ROW`, `COLUMN`, `SHEET` or `SPREADSHEET`.
        location_type: String,
        /// A place.
        metadata_location: DeveloperMetadataLocation,
        /// `EXACT_LOCATION` or `INTERSECTING_LOCATION`.
        location_matching_strategy: String,
        /// An id.
        #[serde(deserialize_with = "whole")]
        metadata_id: i64,
        /// A key.
        metadata_key: String,
        /// A value.
        metadata_value: String,
        /// `DOCUMENT` or `PROJECT`.
        visibility: String,
    }

    /// Looks for metadata.
    SearchDeveloperMetadataRequest {
        /// The filters.
        data_filters: Vec<DataFilter>,
    }

    /// Metadata that was found.
    SearchDeveloperMetadataResponse {
        /// Each, with the filters that found it.
        matched_developer_metadata: Vec<MatchedDeveloperMetadata>,
    }

    /// Metadata and what found it.
    MatchedDeveloperMetadata {
        /// The metadata.
        developer_metadata: DeveloperMetadata,
        /// The filters.
        data_filters: Vec<DataFilter>,
    }

    /// Reads a workbook, as far as filters match.
    GetSpreadsheetByDataFilterRequest {
        /// The filters.
        data_filters: Vec<DataFilter>,
        /// Whether cells are answered.
        include_grid_data: bool,
    }

    /// A batch of changes, and what came of it.
    BatchUpdateSpreadsheetResponse {
        /// The workbook.
        spreadsheet_id: String,
        /// One per request, in order.
        replies: Vec<super::Reply>,
        /// The workbook afterwards, where it was asked for.
        updated_spreadsheet: Spreadsheet,
    }
}
