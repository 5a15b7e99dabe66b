//! Results of formulas, kept in their cells.

use std::collections::BTreeSet;
use std::sync::Arc;

use sheets::wire::{Code, Refusal};

use super::guard;
use crate::model::{Cell, Computed, Sheet, Value, Workbook};
use crate::values::Applied;

/// Works all formulas out again, for when values changed that the workbook imports.
pub fn recalculated(workbook: &Workbook) -> Result<Applied<()>, Refusal> {
    let mut copy = workbook.clone();
    calculate(&mut copy)?;
    let changes = crate::changes::Changes::between(workbook, &copy);
    copy.revision += i64::from(!changes.is_empty());
    Ok(Applied {
        workbook: copy,
        answer: (),
        changes,
    })
}

/// Works out what formulas come to after a change and keeps it in the cells; without a change to values nothing is done.
pub(crate) fn calculate_after(before: &Workbook, workbook: &mut Workbook) -> Result<(), Refusal> {
    if same_values(before, workbook) {
        return Ok(());
    }
    calculate(workbook)
}

fn calculate(workbook: &mut Workbook) -> Result<(), Refusal> {
    let old_spills = spills(workbook);
    let has_formulas = workbook.sheets.iter().any(has_formula);
    if !has_formulas && old_spills.is_empty() {
        return Ok(());
    }
    let results = if has_formulas {
        guard::check(workbook)?;
        let formulas = workbook.formulas.clone();
        let broken = |error: super::Broken| Refusal::new(Code::Internal, error.to_string());
        formulas
            .calculator
            .evaluate(workbook, &*formulas.imports)
            .map_err(broken)?
    } else {
        super::Results::default()
    };
    for ((sheet, row, column), new) in results.formulas {
        let cell = workbook.sheets[sheet].cell(row, column);
        if matches!(cell, Some(Cell { value: Value::Formula { result, .. }, .. }) if *result != new)
            && let Value::Formula { result, .. } = &mut workbook.cell_mut(sheet, row, column).value
        {
            *result = new;
        }
    }
    for (sheet, row, column) in old_spills {
        if !results.spills.contains_key(&(sheet, row, column)) {
            workbook.cell_mut(sheet, row, column).value = Value::Empty;
        }
    }
    for ((sheet, row, column), new) in results.spills {
        let old = workbook.sheets[sheet].cell(row, column).map(|cell| &cell.value);
        let is_same = match old {
            Some(Value::Spilled(old)) => *old == new,
            Some(Value::Empty) | None => new == Computed::Empty,
            // What was entered there stays, whatever an engine says.
            Some(_) => true,
        };
        if !is_same {
            workbook.cell_mut(sheet, row, column).value = match new {
                Computed::Empty => Value::Empty,
                new => Value::Spilled(new),
            };
        }
    }
    for sheet in &mut workbook.sheets {
        sheet.tidy(0..u32::MAX);
    }
    Ok(())
}

fn has_formula(sheet: &Sheet) -> bool {
    let is_formula = |cell: &Cell| matches!(cell.value, Value::Formula { .. });
    sheet.rows.values().any(|row| row.cells.values().any(is_formula))
}

fn spills(workbook: &Workbook) -> BTreeSet<(usize, u32, u32)> {
    let mut found = BTreeSet::new();
    for (at, sheet) in workbook.sheets.iter().enumerate() {
        for (row, content) in &sheet.rows {
            let spilled = content
                .cells
                .iter()
                .filter(|(_, cell)| matches!(cell.value, Value::Spilled(_)));
            found.extend(spilled.map(|(column, _)| (at, *row, *column)));
        }
    }
    found
}

/// Says whether two states hold the same values in the same places of the same tabs.
fn same_values(one: &Workbook, other: &Workbook) -> bool {
    let frame = |sheet: &Sheet| (sheet.title.clone(), sheet.row_count, sheet.column_count);
    one.time_zone == other.time_zone
        && one.sheets.len() == other.sheets.len()
        && one.sheets.iter().zip(&other.sheets).all(|(one, other)| {
            frame(one) == frame(other)
                && one.rows.len() == other.rows.len()
                && one.rows.iter().zip(&other.rows).all(|((at, row), (to, new))| {
                    let values = |row: &crate::model::Row| -> Vec<(u32, Value)> {
                        row.cells
                            .iter()
                            .map(|(column, cell)| (*column, cell.value.clone()))
                            .collect()
                    };
                    at == to && (Arc::ptr_eq(row, new) || values(row) == values(new))
                })
        })
}
