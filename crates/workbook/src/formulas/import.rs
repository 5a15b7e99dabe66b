//! Ranges of other workbooks that formulas read, each put into a hidden tab of the engine.

use std::collections::BTreeMap;

use super::calculator::Imports;
use super::translate::{ENGINE_COLUMNS, ENGINE_ROWS};
use crate::model::Computed;

/// Cells of other workbooks that all formulas of a workbook may import together.
pub const MOST_IMPORTED: usize = 1_000_000;

/// What was imported so far.
#[derive(Debug)]
pub(super) struct Imported<'a> {
    imports: &'a dyn Imports,
    /// What the hidden tabs are called before their number; no tab of the workbook begins so.
    prefix: String,
    found: BTreeMap<(String, String), Result<String, String>>,
    cells: usize,
    pub(super) tabs: Vec<(String, Vec<Vec<Computed>>)>,
}

impl<'a> Imported<'a> {
    pub(super) fn new(imports: &'a dyn Imports, prefix: String) -> Self {
        Self {
            imports,
            prefix,
            found: BTreeMap::new(),
            cells: 0,
            tabs: Vec::new(),
        }
    }

    /// Returns the reference under which the engine finds a range of another workbook.
    pub(super) fn cells(&mut self, book: &str, range: &str) -> Result<String, String> {
        let key = (id_of(book).to_owned(), range.to_owned());
        if let Some(known) = self.found.get(&key) {
            return known.clone();
        }
        let read = self.read(&key.0, range);
        self.found.insert(key, read.clone());
        read
    }

    fn read(&mut self, id: &str, range: &str) -> Result<String, String> {
        let rows = self.imports.values(id, range)?;
        let width = rows.iter().map(Vec::len).max().unwrap_or(0).max(1);
        let height = rows.len().max(1);
        self.cells += height * width;
        if self.cells > MOST_IMPORTED || height > ENGINE_ROWS as usize || width > ENGINE_COLUMNS as usize {
            return Err(format!(
                "The formulas of a workbook import at most {MOST_IMPORTED} cells together. Import shorter ranges."
            ));
        }
        let name = format!("{}{}", self.prefix, self.tabs.len());
        let last = sheets::a1::column_name(width as u32 - 1);
        self.tabs.push((name.clone(), rows));
        Ok(format!("'{name}'!A1:{last}{height}"))
    }
}

/// The id inside an address, or the id itself.
fn id_of(book: &str) -> &str {
    book.split_once("/d/")
        .map_or(book, |(_, rest)| rest.split(['/', '?', '#']).next().unwrap_or(rest))
        .trim()
}
