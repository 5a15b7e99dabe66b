//! The changes a batch may hold, and what each answers.

use super::{
    CellData, ConditionalFormatRule, DataFilter, DataValidationRule, DeveloperMetadata, Dimension, DimensionProperties,
    DimensionRange, GridCoordinate, GridRange, ProtectedRange, RowData, SheetProperties, SpreadsheetProperties,
    messages, whole,
};
use serde::{Deserialize, Deserializer, Serialize, de};
use serde_json::{Map, Value};

messages! {
    /// A batch: all of it is done, or nothing.
    BatchUpdateSpreadsheetRequest {
        /// The changes, in order.
        requests: Vec<Request>,
        /// Whether the answer holds the workbook.
        include_spreadsheet_in_response: bool,
        /// Which ranges of it.
        response_ranges: Vec<String>,
        /// Whether with cells.
        response_include_grid_data: bool,
    }


    /// Changes what is true of the workbook.
    UpdateSpreadsheetPropertiesRequest {
        /// What it becomes.
        properties: SpreadsheetProperties,
        /// Which of it, as a mask.
        fields: String,
    }

    /// Changes what is true of a tab.
    UpdateSheetPropertiesRequest {
        /// The tab, and what it becomes.
        properties: SheetProperties,
        /// Which of it, as a mask.
        fields: String,
    }

    /// Changes rows or columns.
    UpdateDimensionPropertiesRequest {
        /// Which ones.
        range: DimensionRange,
        /// What they become.
        properties: DimensionProperties,
        /// Which of it, as a mask.
        fields: String,
    }

    /// Writes one cell into a whole range.
    RepeatCellRequest {
        /// The range.
        range: GridRange,
        /// The cell.
        cell: CellData,
        /// Which of it, as a mask.
        fields: String,
    }

    /// Adds a tab.
    AddSheetRequest {
        /// What it is.
        properties: SheetProperties,
    }

    /// Deletes a tab.
    DeleteSheetRequest {
        /// The tab.
        #[serde(deserialize_with = "whole")]
        sheet_id: i64,
    }

    /// Writes cells row by row.
    UpdateCellsRequest {
        /// The cells.
        rows: Vec<RowData>,
        /// Which of them, as a mask.
        fields: String,
        /// The first cell.
        start: GridCoordinate,
        /// Or the range; what is not written there is emptied.
        range: GridRange,
    }

    /// Writes cells after the last row that holds any.
    AppendCellsRequest {
        /// The tab.
        #[serde(deserialize_with = "whole")]
        sheet_id: i64,
        /// The cells.
        rows: Vec<RowData>,
        /// Which of them, as a mask.
        fields: String,
    }

    /// Inserts rows or columns.
    InsertDimensionRequest {
        /// Where, and how many.
        range: DimensionRange,
        /// Whether they look like those before them.
        inherit_from_before: bool,
    }

    /// Deletes rows or columns.
    DeleteDimensionRequest {
        /// Which ones.
        range: DimensionRange,
    }

    /// Adds rows or columns at the end.
    AppendDimensionRequest {
        /// The tab.
        #[serde(deserialize_with = "whole")]
        sheet_id: i64,
        /// Whether rows or columns.
        dimension: Dimension,
        /// How many.
        #[serde(deserialize_with = "whole")]
        length: i64,
    }

    /// Moves rows or columns.
    MoveDimensionRequest {
        /// Which ones.
        source: DimensionRange,
        /// Before which, counted before they are taken away.
        #[serde(deserialize_with = "whole")]
        destination_index: i64,
    }

    /// Deletes cells and moves others into their place.
    DeleteRangeRequest {
        /// The cells.
        range: GridRange,
        /// `ROWS` moves up, `COLUMNS` moves left.
        shift_dimension: Dimension,
    }

    /// Inserts cells and moves others away.
    InsertRangeRequest {
        /// Where.
        range: GridRange,
        /// `ROWS` moves down, `COLUMNS` moves right.
        shift_dimension: Dimension,
    }

    /// Sorts rows.
    SortRangeRequest {
        /// The rows, without those of headers.
        range: GridRange,
        /// By which columns.
        sort_specs: Vec<SortSpec>,
    }

    /// Says what may be typed.
    SetDataValidationRequest {
        /// The cells.
        range: GridRange,
        /// What may; nothing takes the rule away.
        rule: DataValidationRule,
        /// Whether also rows that a filter hides.
        filtered_rows_included: bool,
    }

    /// Protects a range.
    AddProtectedRangeRequest {
        /// The range.
        protected_range: ProtectedRange,
    }

    /// Changes how a range is protected.
    UpdateProtectedRangeRequest {
        /// What it becomes.
        protected_range: ProtectedRange,
        /// Which of it, as a mask.
        fields: String,
    }

    /// Protects a range no longer.
    DeleteProtectedRangeRequest {
        /// Its id.
        #[serde(deserialize_with = "whole")]
        protected_range_id: i64,
    }

    /// Adds looks that depend on values.
    AddConditionalFormatRuleRequest {
        /// The rule.
        rule: ConditionalFormatRule,
        /// Its place among the rules of the tab.
        #[serde(deserialize_with = "whole")]
        index: i64,
    }

    /// Deletes looks that depend on values.
    DeleteConditionalFormatRuleRequest {
        /// The tab.
        #[serde(deserialize_with = "whole")]
        sheet_id: i64,
        /// Its place among the rules of the tab.
        #[serde(deserialize_with = "whole")]
        index: i64,
    }

    /// Adds metadata.
    CreateDeveloperMetadataRequest {
        /// The metadata.
        developer_metadata: DeveloperMetadata,
    }

    /// Changes metadata.
    UpdateDeveloperMetadataRequest {
        /// Which.
        data_filters: Vec<DataFilter>,
        /// What it becomes.
        developer_metadata: DeveloperMetadata,
        /// Which of it, as a mask.
        fields: String,
    }

    /// Deletes metadata.
    DeleteDeveloperMetadataRequest {
        /// Which.
        data_filter: DataFilter,
    }

    /// One column to sort by.
    SortSpec {
        /// The column of the tab.
        #[serde(deserialize_with = "whole")]
        dimension_index: i64,
        /// `ASCENDING` or `DESCENDING`.
        sort_order: String,
    }
}

/// Declares the union of all changes, with the name each has on the wire.
macro_rules! requests {
    ($($kind:ident $name:literal $body:ty,)*) => {
        /// One change.
        #[derive(Debug, Clone, PartialEq, Serialize)]
        #[serde(rename_all = "camelCase")]
        pub enum Request {
            $(
                #[doc = concat!("`", $name, "`.")]
                $kind(Box<$body>),
            )*
            /// A change that Google knows and nobody here does; only its name is kept.
            #[serde(skip)]
            Unknown(String),
        }

        impl Request {
            /// Its name on the wire.
            pub fn name(&self) -> &str {
                match self {
                    $(Self::$kind(_) => $name,)*
                    Self::Unknown(name) => name,
                }
            }

            fn read(name: &str, body: Value) -> Result<Self, serde_json::Error> {
                Ok(match name {
                    $($name => Self::$kind(serde_json::from_value(body)?),)*
                    _ => Self::Unknown(name.to_owned()),
                })
            }
        }
    };
}

requests! {
    UpdateSpreadsheetProperties "updateSpreadsheetProperties" UpdateSpreadsheetPropertiesRequest,
    UpdateSheetProperties "updateSheetProperties" UpdateSheetPropertiesRequest,
    UpdateDimensionProperties "updateDimensionProperties" UpdateDimensionPropertiesRequest,
    RepeatCell "repeatCell" RepeatCellRequest,
    AddSheet "addSheet" AddSheetRequest,
    DeleteSheet "deleteSheet" DeleteSheetRequest,
    UpdateCells "updateCells" UpdateCellsRequest,
    AppendCells "appendCells" AppendCellsRequest,
    InsertDimension "insertDimension" InsertDimensionRequest,
    DeleteDimension "deleteDimension" DeleteDimensionRequest,
    AppendDimension "appendDimension" AppendDimensionRequest,
    MoveDimension "moveDimension" MoveDimensionRequest,
    DeleteRange "deleteRange" DeleteRangeRequest,
    InsertRange "insertRange" InsertRangeRequest,
    SortRange "sortRange" SortRangeRequest,
    SetDataValidation "setDataValidation" SetDataValidationRequest,
    AddProtectedRange "addProtectedRange" AddProtectedRangeRequest,
    UpdateProtectedRange "updateProtectedRange" UpdateProtectedRangeRequest,
    DeleteProtectedRange "deleteProtectedRange" DeleteProtectedRangeRequest,
    AddConditionalFormatRule "addConditionalFormatRule" AddConditionalFormatRuleRequest,
    DeleteConditionalFormatRule "deleteConditionalFormatRule" DeleteConditionalFormatRuleRequest,
    CreateDeveloperMetadata "createDeveloperMetadata" CreateDeveloperMetadataRequest,
    UpdateDeveloperMetadata "updateDeveloperMetadata" UpdateDeveloperMetadataRequest,
    DeleteDeveloperMetadata "deleteDeveloperMetadata" DeleteDeveloperMetadataRequest,
}

impl<'de> Deserialize<'de> for Request {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        let mut said = Map::deserialize(reader)?
            .into_iter()
            .filter(|(_, body)| !body.is_null());
        let (name, body) = said
            .next()
            .ok_or_else(|| de::Error::custom("a request must name one change, such as addSheet"))?;
        if let Some((other, _)) = said.next() {
            return Err(de::Error::custom(format!(
                "a request names one change, not both {name} and {other}"
            )));
        }
        Self::read(&name, body).map_err(|error| de::Error::custom(format!("{name}: {error}")))
    }
}

/// What a change answers; most answer nothing.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Reply {
    /// The tab that was added.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub add_sheet: Option<AddSheetReply>,
    /// The range that is protected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub add_protected_range: Option<AddProtectedRangeReply>,
    /// The rule that was deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delete_conditional_format_rule: Option<DeleteConditionalFormatRuleReply>,
    /// The metadata that was added.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub create_developer_metadata: Option<DeveloperMetadataReply>,
    /// The metadata that was changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub update_developer_metadata: Option<DeveloperMetadataReplies>,
    /// The metadata that was deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delete_developer_metadata: Option<DeletedDeveloperMetadata>,
}

messages! {
    /// The tab that was added.
    AddSheetReply {
        /// What it is.
        properties: SheetProperties,
    }

    /// The range that is protected.
    AddProtectedRangeReply {
        /// With its id.
        protected_range: ProtectedRange,
    }

    /// The rule that was deleted.
    DeleteConditionalFormatRuleReply {
        /// The rule.
        rule: ConditionalFormatRule,
    }

    /// The metadata that was added.
    DeveloperMetadataReply {
        /// With its id.
        developer_metadata: DeveloperMetadata,
    }

    /// The metadata that was changed.
    DeveloperMetadataReplies {
        /// Each.
        developer_metadata: Vec<DeveloperMetadata>,
    }

    /// The metadata that was deleted.
    DeletedDeveloperMetadata {
        /// Each.
        deleted_developer_metadata: Vec<DeveloperMetadata>,
    }
}
