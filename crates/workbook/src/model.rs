//! What a workbook holds: tabs, rows with an identity of their own, cells of a stored kind.

use std::collections::BTreeMap;
use std::sync::Arc;

use sheets::wire::{
    CellFormat, Color, ColorStyle, ConditionalFormatRule, DataValidationRule, DimensionProperties, ProtectedRange,
};

use crate::formulas::Formulas;

/// A workbook. Rows are shared, so a clone is cheap and a batch may work on one and be thrown away.
#[derive(Debug, Clone, PartialEq)]
pub struct Workbook {
    /// Its id, 44 characters.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The locale in which its people write, such as `de_DE`.
    pub locale: String,
    /// Its zone, such as `Europe/Berlin`.
    pub time_zone: String,
    /// Grows by one with every batch that was applied.
    pub revision: i64,
    /// Its tabs, in order.
    pub sheets: Vec<Sheet>,
    /// Metadata of the whole workbook.
    pub metadata: Vec<Metadata>,
    /// The uid or id that the next new thing gets.
    pub next_id: i64,
    /// How its formulas are worked out.
    pub formulas: Formulas,
}

/// A tab.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// Its id, which stays when it is renamed.
    pub id: i64,
    /// Its title.
    pub title: String,
    /// Rows of its grid.
    pub row_count: u32,
    /// Columns of its grid.
    pub column_count: u32,
    /// Rows that stay when it is scrolled.
    pub frozen_rows: u32,
    /// Columns that stay when it is scrolled.
    pub frozen_columns: u32,
    /// Nobody sees it.
    pub hidden: bool,
    /// It shows no lines between cells.
    pub hide_gridlines: bool,
    /// It runs from right to left.
    pub right_to_left: bool,
    /// The colour of its tab.
    pub tab_color: Option<Color>,
    /// The same, maybe by its part in the theme.
    pub tab_color_style: Option<ColorStyle>,
    /// Rows that hold something, by position.
    pub rows: BTreeMap<u32, Arc<Row>>,
    /// Columns that have something of their own, by position.
    pub columns: BTreeMap<u32, Column>,
    /// Grows whenever columns are inserted, deleted or moved.
    pub column_epoch: u64,
    /// Its protected ranges.
    pub protected_ranges: Vec<ProtectedRange>,
    /// Its conditional formats, the first is the strongest.
    pub conditional_formats: Vec<ConditionalFormatRule>,
    /// Metadata of the whole tab.
    pub metadata: Vec<Metadata>,
}

/// A row that holds something.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Row {
    /// Its identity, which stays when it is moved or sorted.
    pub uid: i64,
    /// Cells that hold something, by column.
    pub cells: BTreeMap<u32, Cell>,
    /// Its height and visibility.
    pub properties: Option<DimensionProperties>,
    /// Metadata that stays with it.
    pub metadata: Vec<Metadata>,
}

/// What a column has of its own.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Column {
    /// Its width and visibility.
    pub properties: Option<DimensionProperties>,
    /// Metadata that stays with it.
    pub metadata: Vec<Metadata>,
}

/// A key and a value that stay with a thing; where it stands is said by who holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metadata {
    /// Its id within the workbook.
    pub id: i64,
    /// Its key.
    pub key: String,
    /// Its value.
    pub value: Option<String>,
    /// `DOCUMENT` or `PROJECT`.
    pub visibility: String,
}

/// A cell.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Cell {
    /// What was entered.
    pub value: Value,
    /// How it looks.
    pub format: Option<CellFormat>,
    /// A remark.
    pub note: Option<String>,
    /// What may be typed into it.
    pub validation: Option<DataValidationRule>,
}

/// What was entered into a cell, of the kind that is stored: text that begins with `=` stays text.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Value {
    /// Nothing.
    #[default]
    Empty,
    /// Text.
    Text(String),
    /// A finite number.
    Number(f64),
    /// A checkbox.
    Boolean(bool),
    /// A formula as it was written, with its `=`, and what it came to.
    Formula {
        /// The formula.
        text: String,
        /// Its last result.
        result: Computed,
    },
    /// Nothing was entered here: a formula in another cell reaches it with this part of its result.
    Spilled(Computed),
}

/// What a formula came to.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Computed {
    /// Nothing.
    #[default]
    Empty,
    /// Text.
    Text(String),
    /// A finite number.
    Number(f64),
    /// True or false.
    Boolean(bool),
    /// No value, and why.
    Error {
        /// As it is shown, such as `#N/A`.
        shown: String,
        /// The reason, in words.
        message: String,
    },
}

impl Computed {
    /// The result of a formula that no engine has worked out.
    pub fn not_evaluated() -> Self {
        Self::Error {
            shown: "#N/A".to_owned(),
            message: "This formula has not been evaluated.".to_owned(),
        }
    }
}

impl Cell {
    /// Says whether nothing at all is kept for it.
    pub fn is_bare(&self) -> bool {
        *self == Self::default()
    }
}

impl Row {
    /// Says whether nothing at all is kept for it.
    pub fn is_bare(&self) -> bool {
        self.cells.is_empty() && self.properties.is_none() && self.metadata.is_empty()
    }
}

impl Workbook {
    /// Makes a workbook with one empty tab.
    pub fn new(id: impl Into<String>, title: impl Into<String>, locale: &str, time_zone: &str) -> Self {
        Self {
            id: id.into(),
            title: title.into(),
            locale: locale.to_owned(),
            time_zone: time_zone.to_owned(),
            revision: 0,
            sheets: vec![Sheet::new(0, "Sheet1")],
            metadata: Vec::new(),
            next_id: 1,
            formulas: Formulas::default(),
        }
    }

    /// Takes the next uid or id.
    pub fn take_id(&mut self) -> i64 {
        let id = self.next_id;
        self.next_id += 1;
        id
    }

    /// Returns the position of the tab with this id.
    pub fn position_of(&self, sheet_id: i64) -> Option<usize> {
        self.sheets.iter().position(|sheet| sheet.id == sheet_id)
    }

    /// Returns the position of the tab with this title, in whatever case.
    pub fn position_of_title(&self, title: &str) -> Option<usize> {
        let wanted = title.to_lowercase();
        self.sheets
            .iter()
            .position(|sheet| sheet.title.to_lowercase() == wanted)
    }

    /// Returns the cell to write to, with its row made where there was none.
    pub fn cell_mut(&mut self, sheet: usize, row: u32, column: u32) -> &mut Cell {
        self.row_mut(sheet, row).cells.entry(column).or_default()
    }

    /// Returns the row to write to, made where there was none.
    pub fn row_mut(&mut self, sheet: usize, row: u32) -> &mut Row {
        let next_id = &mut self.next_id;
        let shared = self.sheets[sheet].rows.entry(row).or_insert_with(|| {
            let uid = *next_id;
            *next_id += 1;
            Arc::new(Row { uid, ..Row::default() })
        });
        Arc::make_mut(shared)
    }

    /// Counts the cells of all grids.
    pub fn grid_cells(&self) -> u64 {
        self.sheets
            .iter()
            .map(|sheet| u64::from(sheet.row_count) * u64::from(sheet.column_count))
            .sum()
    }
}

impl Sheet {
    /// Makes an empty tab of the usual size.
    pub fn new(id: i64, title: impl Into<String>) -> Self {
        Self {
            id,
            title: title.into(),
            row_count: 1000,
            column_count: 26,
            frozen_rows: 0,
            frozen_columns: 0,
            hidden: false,
            hide_gridlines: false,
            right_to_left: false,
            tab_color: None,
            tab_color_style: None,
            rows: BTreeMap::new(),
            columns: BTreeMap::new(),
            column_epoch: 0,
            protected_ranges: Vec::new(),
            conditional_formats: Vec::new(),
            metadata: Vec::new(),
        }
    }

    /// Returns the cell at a position; `None` where nothing is kept.
    pub fn cell(&self, row: u32, column: u32) -> Option<&Cell> {
        self.rows.get(&row)?.cells.get(&column)
    }

    /// Drops the cells and rows of which nothing is kept any more.
    pub fn tidy(&mut self, rows: std::ops::Range<u32>) {
        let mut bare = Vec::new();
        for (position, row) in self.rows.range_mut(rows) {
            if row.cells.values().any(Cell::is_bare) {
                Arc::make_mut(row).cells.retain(|_, cell| !cell.is_bare());
            }
            if row.is_bare() {
                bare.push(*position);
            }
        }
        for position in bare {
            self.rows.remove(&position);
        }
    }
}
