//! Cells: values, looks, notes, and what may be typed into them.

use super::{GridCoordinate, Request, UpdateCellsRequest, messages};
use serde_json::{Map, Value};

messages! {
    /// One cell.
    CellData {
        /// What was typed.
        user_entered_value: ExtendedValue,
        /// What it comes to.
        effective_value: ExtendedValue,
        /// What people see.
        formatted_value: String,
        /// How it was made to look.
        user_entered_format: CellFormat,
        /// How it looks.
        effective_format: CellFormat,
        /// The first link in it.
        hyperlink: String,
        /// A note on it.
        note: String,
        /// What may be typed into it.
        data_validation: DataValidationRule,
    }

    /// A value: one of its fields is set.
    ExtendedValue {
        /// A number; dates are days since 1899-12-30.
        number_value: f64,
        /// A text.
        string_value: String,
        /// Yes or no.
        bool_value: bool,
        /// A formula, with its `=`.
        formula_value: String,
        /// An error; answered only.
        error_value: ErrorValue,
    }

    /// Why a formula has no value.
    ErrorValue {
        /// `ERROR`, `NULL_VALUE`, `DIVIDE_BY_ZERO`, `VALUE`, `REF`, `NAME`, `NUM`, `N_A` or `LOADING`.
        r#type: String,
        /// In words.
        message: String,
    }

    /// How a cell looks. What is not understood is kept as it came.
    CellFormat {
        /// How numbers and dates are written.
        number_format: NumberFormat,
        /// Background, as colour channels from 0 to 1.
        background_color: Color,
        /// The same, or a colour of the theme.
        background_color_style: ColorStyle,
        /// Letters.
        text_format: TextFormat,
        /// `LEFT`, `CENTER` or `RIGHT`.
        horizontal_alignment: String,
        /// `TOP`, `MIDDLE` or `BOTTOM`.
        vertical_alignment: String,
        /// `OVERFLOW_CELL`, `CLIP` or `WRAP`.
        wrap_strategy: String,
        /// Lines around it.
        borders: Map<String, Value>,
        /// Space inside it.
        padding: Map<String, Value>,
    }

    /// How numbers and dates are written.
    NumberFormat {
        /// `TEXT`, `NUMBER`, `PERCENT`, `CURRENCY`, `DATE`, `TIME`, `DATE_TIME` or `SCIENTIFIC`.
        r#type: String,
        /// A pattern such as `#,##0.00` or `yyyy-mm-dd`.
        pattern: String,
    }

    /// Letters of a cell.
    TextFormat {
        /// Colour, as channels from 0 to 1.
        foreground_color: Color,
        /// The same, or a colour of the theme.
        foreground_color_style: ColorStyle,
        /// Family.
        font_family: String,
        /// Size in points.
        font_size: f64,
        /// Bold.
        bold: bool,
        /// Italic.
        italic: bool,
        /// Struck through.
        strikethrough: bool,
        /// Underlined.
        underline: bool,
    }

    /// A colour by its channels, from 0 to 1.
    Color {
        /// Red.
        red: f64,
        /// Green.
        green: f64,
        /// Blue.
        blue: f64,
        /// Opacity.
        alpha: f64,
    }

    /// A colour, or the name of one of the theme.
    ColorStyle {
        /// Channels.
        rgb_color: Color,
        /// A name such as `ACCENT1`.
        theme_color: String,
    }

    /// What may be typed into a cell.
    DataValidationRule {
        /// What must hold.
        condition: BooleanCondition,
        /// Shown while one types.
        input_message: String,
        /// Whether other values are refused.
        strict: bool,
        /// Whether a list or a box is shown.
        show_custom_ui: bool,
    }

    /// Something that holds or not.
    BooleanCondition {
        /// Which kind, such as `ONE_OF_LIST`, `BOOLEAN`, `NUMBER_BETWEEN` or `TEXT_STARTS_WITH`.
        r#type: String,
        /// What it compares with.
        values: Vec<ConditionValue>,
    }

    /// What a condition compares with.
    ConditionValue {
        /// A date such as `TODAY`.
        relative_date: String,
        /// A value as it was typed.
        user_entered_value: String,
    }

    /// Cells of a range, row by row.
    GridData {
        /// First row.
        start_row: u32,
        /// First column.
        start_column: u32,
        /// Rows.
        row_data: Vec<RowData>,
        /// About rows.
        row_metadata: Vec<super::DimensionProperties>,
        /// About columns.
        column_metadata: Vec<super::DimensionProperties>,
    }

    /// Cells of a row.
    RowData {
        /// From the first column of the range on.
        values: Vec<CellData>,
    }
}

impl Request {
    /// Writes cells below one another; `row` and `column` of the first are counted from 0, `fields` says what of them.
    pub(crate) fn column_of_cells(sheet_id: i64, row: u32, column: u32, cells: Vec<CellData>, fields: &str) -> Self {
        let rows = cells.into_iter().map(|cell| RowData {
            values: Some(vec![cell]),
        });
        Self::UpdateCells(Box::new(UpdateCellsRequest {
            rows: Some(rows.collect()),
            fields: Some(fields.to_owned()),
            start: Some(GridCoordinate {
                sheet_id: Some(sheet_id),
                row_index: Some(i64::from(row)),
                column_index: Some(i64::from(column)),
            }),
            range: None,
        }))
    }
}
