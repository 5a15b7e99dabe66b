//! Workbooks and their tabs.

use super::{BooleanCondition, CellFormat, Color, ColorStyle, DeveloperMetadata, Dimension, GridData, messages, whole};
use crate::a1::Span;

messages! {
    /// A workbook.
    Spreadsheet {
        /// Its id.
        spreadsheet_id: String,
        /// What is true of the whole.
        properties: SpreadsheetProperties,
        /// Its tabs, in order.
        sheets: Vec<Sheet>,
        /// Where people open it.
        spreadsheet_url: String,
        /// Metadata of the whole.
        developer_metadata: Vec<DeveloperMetadata>,
    }

    /// What is true of a whole workbook.
    SpreadsheetProperties {
        /// Its title.
        title: String,
        /// Language and country, such as `de_DE`.
        locale: String,
        /// `ON_CHANGE`, `MINUTE` or `HOUR`.
        auto_recalc: String,
        /// An IANA time zone.
        time_zone: String,
        /// How a cell looks of which nothing is said.
        default_format: CellFormat,
    }

    /// A tab.
    Sheet {
        /// What is true of it.
        properties: SheetProperties,
        /// Its cells, where they were asked for.
        data: Vec<GridData>,
        /// Looks that depend on values.
        conditional_formats: Vec<ConditionalFormatRule>,
        /// Ranges that are protected.
        protected_ranges: Vec<ProtectedRange>,
        /// Metadata of the tab.
        developer_metadata: Vec<DeveloperMetadata>,
    }

    /// What is true of a tab.
    SheetProperties {
        /// Its id, which renaming keeps.
        #[serde(deserialize_with = "whole")]
        sheet_id: i64,
        /// Its title.
        title: String,
        /// Its place among the tabs, from 0.
        #[serde(deserialize_with = "whole")]
        index: i64,
        /// `GRID`.
        sheet_type: String,
        /// Its size.
        grid_properties: GridProperties,
        /// Whether it is hidden.
        hidden: bool,
        /// Its colour.
        tab_color: Color,
        /// The same, or a colour of the theme.
        tab_color_style: ColorStyle,
        /// Whether it runs from right to left.
        right_to_left: bool,
    }

    /// The size of a tab.
    GridProperties {
        /// Rows.
        #[serde(deserialize_with = "whole")]
        row_count: i64,
        /// Columns.
        #[serde(deserialize_with = "whole")]
        column_count: i64,
        /// Rows that stay in view.
        #[serde(deserialize_with = "whole")]
        frozen_row_count: i64,
        /// Columns that stay in view.
        #[serde(deserialize_with = "whole")]
        frozen_column_count: i64,
        /// Whether lines between cells are hidden.
        hide_gridlines: bool,
    }

    /// What is true of a row or a column.
    DimensionProperties {
        /// Height or width in pixels.
        #[serde(deserialize_with = "whole")]
        pixel_size: i64,
        /// Whether a person hid it.
        hidden_by_user: bool,
        /// Whether a filter hides it; answered only.
        hidden_by_filter: bool,
        /// Its metadata.
        developer_metadata: Vec<DeveloperMetadata>,
    }

    /// A range in numbers, zero-based and half-open; what is left out is open.
    GridRange {
        /// The tab.
        #[serde(deserialize_with = "whole")]
        sheet_id: i64,
        /// First row.
        #[serde(deserialize_with = "whole")]
        start_row_index: i64,
        /// Row after the last.
        #[serde(deserialize_with = "whole")]
        end_row_index: i64,
        /// First column.
        #[serde(deserialize_with = "whole")]
        start_column_index: i64,
        /// Column after the last.
        #[serde(deserialize_with = "whole")]
        end_column_index: i64,
    }

    /// One cell in numbers.
    GridCoordinate {
        /// The tab.
        #[serde(deserialize_with = "whole")]
        sheet_id: i64,
        /// Row.
        #[serde(deserialize_with = "whole")]
        row_index: i64,
        /// Column.
        #[serde(deserialize_with = "whole")]
        column_index: i64,
    }

    /// A range that is protected.
    ProtectedRange {
        /// Its id.
        #[serde(deserialize_with = "whole")]
        protected_range_id: i64,
        /// The cells.
        range: GridRange,
        /// What people are told.
        description: String,
        /// Whether people are only warned.
        warning_only: bool,
        /// Whether the one who asks may edit it; answered only.
        requesting_user_can_edit: bool,
        /// Parts of a protected tab that are not.
        unprotected_ranges: Vec<GridRange>,
        /// Who may edit it.
        editors: Editors,
    }

    /// Who may edit a protected range.
    Editors {
        /// People.
        users: Vec<String>,
        /// Groups.
        groups: Vec<String>,
        /// Whether everybody of the organisation may.
        domain_users_can_edit: bool,
    }

    /// Looks that depend on values.
    ConditionalFormatRule {
        /// The cells.
        ranges: Vec<GridRange>,
        /// Looks of cells for which something holds.
        boolean_rule: BooleanRule,
        /// Colours between values; kept as they came.
        gradient_rule: serde_json::Map<String, serde_json::Value>,
    }

    /// Looks of cells for which something holds.
    BooleanRule {
        /// What must hold.
        condition: BooleanCondition,
        /// How they look then.
        format: CellFormat,
    }
}

impl GridRange {
    /// Cells of a tab.
    pub fn of(sheet_id: i64, rows: Span, columns: Span) -> Self {
        let wide = |at: Option<u32>| at.map(i64::from);
        Self {
            sheet_id: Some(sheet_id),
            start_row_index: wide(rows.start),
            end_row_index: wide(rows.end),
            start_column_index: wide(columns.start),
            end_column_index: wide(columns.end),
        }
    }

    /// The tab; one that is not named is the tab 0.
    pub fn sheet(&self) -> i64 {
        self.sheet_id.unwrap_or(0)
    }

    /// Its rows; `None` when they end before they begin or are no such numbers.
    pub fn rows(&self) -> Option<Span> {
        span(self.start_row_index, self.end_row_index)
    }

    /// Its columns; `None` when they end before they begin or are no such numbers.
    pub fn columns(&self) -> Option<Span> {
        span(self.start_column_index, self.end_column_index)
    }
}

impl super::DimensionRange {
    /// The tab; one that is not named is the tab 0.
    pub fn sheet(&self) -> i64 {
        self.sheet_id.unwrap_or(0)
    }

    /// Rows or columns; rows when nothing is said.
    pub fn dimension(&self) -> Dimension {
        self.dimension.unwrap_or_default()
    }

    /// The span; `None` when it ends before it begins or has no such numbers.
    pub fn span(&self) -> Option<Span> {
        span(self.start_index, self.end_index)
    }
}

fn span(start: Option<i64>, end: Option<i64>) -> Option<Span> {
    let index = |at: Option<i64>| at.map(u32::try_from).transpose().ok();
    let (start, end) = (index(start)?, index(end)?);
    let is_ordered = end.is_none_or(|end| start.unwrap_or(0) <= end);
    is_ordered.then_some(Span { start, end })
}
