//! Values of ranges, read and written.

use super::{DataFilter, messages};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Whether the inner lists are rows or columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Dimension {
    /// Rows; also what is meant when nothing is said.
    #[default]
    #[serde(alias = "DIMENSION_UNSPECIFIED")]
    Rows,
    /// Columns.
    Columns,
}

/// How values are rendered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ValueRenderOption {
    /// As people see them, by the locale of the workbook.
    #[default]
    FormattedValue,
    /// As they are.
    UnformattedValue,
    /// Formulas as they were typed, the rest as it is.
    Formula,
}

/// How dates and times are rendered where values are not formatted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DateTimeRenderOption {
    /// As days since 1899-12-30.
    #[default]
    SerialNumber,
    /// As people see them.
    FormattedString,
}

/// How values that are written are understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ValueInputOption {
    /// Stored as they are.
    Raw,
    /// As if a person had typed them.
    UserEntered,
}

/// What `append` does with what stands below the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum InsertDataOption {
    /// It is written over.
    #[default]
    Overwrite,
    /// Rows are inserted.
    InsertRows,
}

messages! {
    /// Values of a range. In what is written `null` leaves a cell as it is and `""` empties it.
    ValueRange {
        /// The range, in A1 notation.
        range: String,
        /// Whether `values` holds rows or columns.
        major_dimension: Dimension,
        /// Rows or columns of values.
        values: Vec<Vec<Value>>,
    }

    /// Values of ranges.
    BatchGetValuesResponse {
        /// The workbook.
        spreadsheet_id: String,
        /// In the order they were asked for.
        value_ranges: Vec<ValueRange>,
    }

    /// What a write did.
    UpdateValuesResponse {
        /// The workbook.
        spreadsheet_id: String,
        /// The range that was written.
        updated_range: String,
        /// Rows in which a cell was written.
        updated_rows: u64,
        /// Columns in which a cell was written.
        updated_columns: u64,
        /// Cells that were written.
        updated_cells: u64,
        /// The values afterwards, where they were asked for.
        updated_data: ValueRange,
    }

    /// Writes several ranges.
    BatchUpdateValuesRequest {
        /// How the values are understood.
        value_input_option: ValueInputOption,
        /// The ranges.
        data: Vec<ValueRange>,
        /// Whether the answer holds the values.
        include_values_in_response: bool,
        /// How they are rendered there.
        response_value_render_option: ValueRenderOption,
        /// How dates are rendered there.
        response_date_time_render_option: DateTimeRenderOption,
    }

    /// What a write of several ranges did.
    BatchUpdateValuesResponse {
        /// The workbook.
        spreadsheet_id: String,
        /// Rows in which a cell was written.
        total_updated_rows: u64,
        /// Columns in which a cell was written.
        total_updated_columns: u64,
        /// Cells that were written.
        total_updated_cells: u64,
        /// Tabs in which a cell was written.
        total_updated_sheets: u64,
        /// Each of them.
        responses: Vec<UpdateValuesResponse>,
    }

    /// What `append` did.
    AppendValuesResponse {
        /// The workbook.
        spreadsheet_id: String,
        /// The table that was found; absent when there was none.
        table_range: String,
        /// What was written below it.
        updates: UpdateValuesResponse,
    }

    /// What was emptied.
    ClearValuesResponse {
        /// The workbook.
        spreadsheet_id: String,
        /// The range.
        cleared_range: String,
    }

    /// Empties several ranges.
    BatchClearValuesRequest {
        /// The ranges.
        ranges: Vec<String>,
    }

    /// What was emptied.
    BatchClearValuesResponse {
        /// The workbook.
        spreadsheet_id: String,
        /// The ranges.
        cleared_ranges: Vec<String>,
    }

    /// Reads what filters match.
    BatchGetValuesByDataFilterRequest {
        /// The filters.
        data_filters: Vec<DataFilter>,
        /// Whether rows or columns are answered.
        major_dimension: Dimension,
        /// How values are rendered.
        value_render_option: ValueRenderOption,
        /// How dates are rendered.
        date_time_render_option: DateTimeRenderOption,
    }

    /// What filters matched.
    BatchGetValuesByDataFilterResponse {
        /// The workbook.
        spreadsheet_id: String,
        /// The ranges.
        value_ranges: Vec<MatchedValueRange>,
    }

    /// A range and the filters that led to it.
    MatchedValueRange {
        /// The range.
        value_range: ValueRange,
        /// The filters.
        data_filters: Vec<DataFilter>,
    }

    /// Writes where filters match.
    BatchUpdateValuesByDataFilterRequest {
        /// How the values are understood.
        value_input_option: ValueInputOption,
        /// The filters with their values.
        data: Vec<DataFilterValueRange>,
        /// Whether the answer holds the values.
        include_values_in_response: bool,
        /// How they are rendered there.
        response_value_render_option: ValueRenderOption,
        /// How dates are rendered there.
        response_date_time_render_option: DateTimeRenderOption,
    }

    /// Values for what a filter matches.
    DataFilterValueRange {
        /// The filter.
        data_filter: DataFilter,
        /// Whether `values` holds rows or columns.
        major_dimension: Dimension,
        /// Rows or columns of values.
        values: Vec<Vec<Value>>,
    }

    /// What a write by filters did.
    BatchUpdateValuesByDataFilterResponse {
        /// The workbook.
        spreadsheet_id: String,
        /// Rows in which a cell was written.
        total_updated_rows: u64,
        /// Columns in which a cell was written.
        total_updated_columns: u64,
        /// Cells that were written.
        total_updated_cells: u64,
        /// Tabs in which a cell was written.
        total_updated_sheets: u64,
        /// Each of them.
        responses: Vec<UpdateValuesByDataFilterResponse>,
    }

    /// What was written where a filter matched.
    UpdateValuesByDataFilterResponse {
        /// The range that was written.
        updated_range: String,
        /// Rows in which a cell was written.
        updated_rows: u64,
        /// Columns in which a cell was written.
        updated_columns: u64,
        /// Cells that were written.
        updated_cells: u64,
        /// The filter.
        data_filter: DataFilter,
        /// The values afterwards, where they were asked for.
        updated_data: ValueRange,
    }

    /// Empties what filters match.
    BatchClearValuesByDataFilterRequest {
        /// The filters.
        data_filters: Vec<DataFilter>,
    }
}
