//! What a batch changed, found by comparing the workbook before and after: the store writes this and nothing else.

use std::collections::HashMap;
use std::sync::Arc;

use crate::model::{Row, Sheet, Value, Workbook};

/// What has to be stored.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Changes {
    /// Title, locale, zone or metadata of the workbook changed.
    pub workbook: bool,
    /// Tabs that are new or whose properties, columns or rules changed, by id.
    pub sheets: Vec<i64>,
    /// Tabs that are gone, by id.
    pub removed_sheets: Vec<i64>,
    /// Rows that are new, changed or moved.
    pub rows: Vec<RowChange>,
    /// Rows that are gone: tab id and row uid.
    pub removed_rows: Vec<(i64, i64)>,
    /// Values that changed in rows, for the edit log.
    pub edits: Vec<Edit>,
}

/// A row to store.
#[derive(Debug, Clone, PartialEq)]
pub struct RowChange {
    /// The tab.
    pub sheet_id: i64,
    /// Where the row stands now.
    pub position: u32,
    /// What it holds; `None` where only its position changed.
    pub content: Option<Arc<Row>>,
    /// Which row it is.
    pub row_uid: i64,
}

/// One value that changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Edit {
    /// The tab.
    pub sheet_id: i64,
    /// The row.
    pub row_uid: i64,
    /// The column, as it stands now.
    pub column: u32,
    /// What stood there.
    pub before: Value,
    /// What stands there now.
    pub after: Value,
}

impl Changes {
    /// Compares two states of a workbook.
    pub fn between(before: &Workbook, after: &Workbook) -> Self {
        let mut changes = Self {
            workbook: head(before) != head(after),
            ..Self::default()
        };
        for (at, sheet) in after.sheets.iter().enumerate() {
            let old_at = before.position_of(sheet.id);
            let old = old_at.map(|old_at| &before.sheets[old_at]);
            if old_at != Some(at) || old.is_none_or(|old| !same_but_rows(old, sheet)) {
                changes.sheets.push(sheet.id);
            }
            changes.compare_rows(old, sheet);
        }
        for sheet in &before.sheets {
            if after.position_of(sheet.id).is_none() {
                changes.removed_sheets.push(sheet.id);
            }
        }
        changes
    }

    /// Says whether nothing has to be stored.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn compare_rows(&mut self, old: Option<&Sheet>, sheet: &Sheet) {
        let mut before: HashMap<i64, (u32, &Arc<Row>)> = old
            .into_iter()
            .flat_map(|old| &old.rows)
            .map(|(at, row)| (row.uid, (*at, row)))
            .collect();
        // After columns moved, the same column number means another column: such values were not edited.
        let comparable = old.is_none_or(|old| old.column_epoch == sheet.column_epoch);
        for (position, row) in &sheet.rows {
            let old = before.remove(&row.uid);
            let same = old.is_some_and(|(_, old)| Arc::ptr_eq(old, row) || **old == **row);
            if same && old.is_some_and(|(old_position, _)| old_position == *position) {
                continue;
            }
            let content = (!same).then(|| Arc::clone(row));
            self.rows.push(RowChange {
                sheet_id: sheet.id,
                position: *position,
                content,
                row_uid: row.uid,
            });
            if !same && comparable {
                self.log(sheet.id, row.uid, old.map(|(_, row)| &**row), Some(row));
            }
        }
        let mut gone: Vec<_> = before.into_values().collect();
        gone.sort_unstable_by_key(|(position, _)| *position);
        for (_, row) in gone {
            self.removed_rows.push((sheet.id, row.uid));
            if comparable {
                self.log(sheet.id, row.uid, Some(row), None);
            }
        }
    }

    fn log(&mut self, sheet_id: i64, row_uid: i64, before: Option<&Row>, after: Option<&Row>) {
        let value = |row: Option<&Row>, column: u32| {
            row.and_then(|row| row.cells.get(&column))
                .map(|cell| cell.value.clone())
                .unwrap_or_default()
        };
        let columns = |row: Option<&Row>| {
            row.into_iter()
                .flat_map(|row| row.cells.keys().copied())
                .collect::<Vec<_>>()
        };
        let mut touched = columns(before);
        touched.extend(columns(after));
        touched.sort_unstable();
        touched.dedup();
        for column in touched {
            let (before, after) = (value(before, column), value(after, column));
            if before != after {
                self.edits.push(Edit {
                    sheet_id,
                    row_uid,
                    column,
                    before,
                    after,
                });
            }
        }
    }
}

fn head(workbook: &Workbook) -> (&str, &str, &str, &[crate::model::Metadata]) {
    (
        &workbook.title,
        &workbook.locale,
        &workbook.time_zone,
        &workbook.metadata,
    )
}

fn same_but_rows(one: &Sheet, other: &Sheet) -> bool {
    let bare = |sheet: &Sheet| Sheet {
        rows: std::collections::BTreeMap::new(),
        columns: sheet.columns.clone(),
        protected_ranges: sheet.protected_ranges.clone(),
        conditional_formats: sheet.conditional_formats.clone(),
        metadata: sheet.metadata.clone(),
        title: sheet.title.clone(),
        tab_color: sheet.tab_color.clone(),
        tab_color_style: sheet.tab_color_style.clone(),
        ..*sheet
    };
    bare(one) == bare(other)
}
