//! Where a request points to: a tab of this workbook and cells inside its grid.

use std::ops::Range;

use sheets::a1::{A1, Span};
use sheets::wire::{DimensionRange, GridRange, Refusal};

use crate::model::{Sheet, Workbook};

/// Cells of one tab, inside its grid unless stated otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The tab's position.
    pub sheet: usize,
    /// Its rows.
    pub rows: Range<u32>,
    /// Its columns.
    pub columns: Range<u32>,
}

/// A range in A1 notation, with what it left open.
pub(crate) struct Named {
    pub(crate) sheet: usize,
    pub(crate) written: A1,
}

impl Place {
    /// Counts its cells.
    pub fn cells(&self) -> u64 {
        u64::from(self.rows.end - self.rows.start) * u64::from(self.columns.end - self.columns.start)
    }

    /// Writes it in A1 notation.
    pub fn name(&self, workbook: &Workbook) -> String {
        let (rows, columns) = (&self.rows, &self.columns);
        let title = workbook.sheets[self.sheet].title.as_str();
        A1::new(
            title,
            Span::new(rows.start, rows.end),
            Span::new(columns.start, columns.end),
        )
        .to_string()
    }
}

/// Reads a range in A1 notation and finds its tab.
pub(crate) fn named(workbook: &Workbook, text: &str) -> Result<Named, Refusal> {
    let written = A1::parse(text, |title| workbook.position_of_title(title).is_some())?;
    let sheet = match &written.tab {
        Some(title) => workbook.position_of_title(title),
        None => workbook.sheets.iter().position(|sheet| !sheet.hidden).or(Some(0)),
    };
    let sheet = sheet.filter(|at| *at < workbook.sheets.len());
    let sheet = sheet.ok_or_else(|| Refusal::invalid(format!("Unable to parse range: {text}")))?;
    Ok(Named { sheet, written })
}

/// Finds the cells of a range in A1 notation; what reaches over the edge of the grid is left out.
pub fn of_a1(workbook: &Workbook, text: &str) -> Result<Place, Refusal> {
    let Named { sheet, written } = named(workbook, text)?;
    clipped(workbook, sheet, written.rows, written.columns)
}

/// Finds the cells of a grid range; what reaches over the edge of the grid is left out.
pub fn of_grid(workbook: &Workbook, range: &GridRange) -> Result<Place, Refusal> {
    let sheet = sheet_of(workbook, range.sheet())?;
    let spans = range.rows().zip(range.columns());
    let (rows, columns) = spans.ok_or_else(|| Refusal::invalid("The range has negative or crossed bounds."))?;
    clipped(workbook, sheet, rows, columns)
}

/// Finds rows or columns, all of which must stand in the grid.
pub(crate) fn of_dimension(workbook: &Workbook, range: &DimensionRange) -> Result<(usize, Range<u32>), Refusal> {
    let sheet = sheet_of(workbook, range.sheet())?;
    let size = size_along(&workbook.sheets[sheet], range.dimension());
    let span = range
        .span()
        .ok_or_else(|| Refusal::invalid("The range has negative or crossed bounds."))?;
    let whole = span.start.unwrap_or(0)..span.end.unwrap_or(size);
    if whole.is_empty() || whole.end > size {
        return Err(Refusal::invalid(format!(
            "The range from {} to {} is not inside the {size} that the tab has.",
            whole.start, whole.end
        )));
    }
    Ok((sheet, whole))
}

/// Finds a tab by its id.
pub(crate) fn sheet_of(workbook: &Workbook, sheet_id: i64) -> Result<usize, Refusal> {
    workbook
        .position_of(sheet_id)
        .ok_or_else(|| Refusal::invalid(format!("No grid with id: {sheet_id}")))
}

/// Returns how many rows or columns a tab has.
pub(crate) fn size_along(sheet: &Sheet, dimension: sheets::wire::Dimension) -> u32 {
    match dimension {
        sheets::wire::Dimension::Rows => sheet.row_count,
        sheets::wire::Dimension::Columns => sheet.column_count,
    }
}

/// Refuses a range that begins outside the grid.
pub(crate) fn beyond(workbook: &Workbook, sheet: usize, rows: Span, columns: Span) -> Refusal {
    let tab = &workbook.sheets[sheet];
    let range = A1::new(tab.title.as_str(), rows, columns);
    Refusal::invalid(format!(
        "Range ({range}) exceeds grid limits. Max rows: {}, max columns: {}",
        tab.row_count, tab.column_count
    ))
}

fn clipped(workbook: &Workbook, sheet: usize, rows: Span, columns: Span) -> Result<Place, Refusal> {
    let tab = &workbook.sheets[sheet];
    let outside = |span: Span, size: u32| span.start.is_some_and(|start| start >= size);
    if outside(rows, tab.row_count) || outside(columns, tab.column_count) {
        return Err(beyond(workbook, sheet, rows, columns));
    }
    Ok(Place {
        sheet,
        rows: rows.within(tab.row_count),
        columns: columns.within(tab.column_count),
    })
}
