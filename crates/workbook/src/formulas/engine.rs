//! IronCalc as the engine of formulas; nothing else in this room knows it.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use ironcalc_base::Model;
use ironcalc_base::expressions::token::Error;
use ironcalc_base::types::{Cell as EngineCell, FormulaValue, SpillValue};

use super::calculator::{Broken, Calculator, Imports, Results};
use super::failure;
use super::import::Imported;
use super::need::Need;
use super::translate::{ENGINE_COLUMNS, ENGINE_ROWS, Translated, Translator};
use crate::model::{Computed, Sheet, Value, Workbook};

/// Nested formulas go deep before the engine notices; the system hands out of this only what is used.
const STACK_BYTES: usize = 256 * 1024 * 1024;

/// The engine IronCalc.
#[derive(Debug, Clone, Copy, Default)]
pub struct IronCalc;

impl Calculator for IronCalc {
    fn evaluate(&self, workbook: &Workbook, imports: &dyn Imports) -> Result<Results, Broken> {
        std::thread::scope(|scope| {
            std::thread::Builder::new()
                .name("formulas".to_owned())
                .stack_size(STACK_BYTES)
                .spawn_scoped(scope, || work_out(workbook, imports))
                .map_err(Broken::NotStarted)?
                .join()
                .map_err(|_| Broken::Ended)?
        })
    }
}

type Place = (usize, u32, u32);

/// Gives the engine what formulas read; where a result meets data that none reads, all is given, for it to stop there.
fn work_out(workbook: &Workbook, imports: &dyn Imports) -> Result<Results, Broken> {
    let results = run(workbook, imports, false)?;
    let is_taken = |(sheet, row, column): &Place| {
        let cell = workbook.sheets[*sheet].cell(*row, *column);
        cell.is_some_and(|cell| !matches!(cell.value, Value::Empty | Value::Spilled(_)))
    };
    if results.spills.keys().any(is_taken) {
        return run(workbook, imports, true);
    }
    Ok(results)
}

fn run(workbook: &Workbook, imports: &dyn Imports, is_whole: bool) -> Result<Results, Broken> {
    let names = names(workbook);
    let mut imported = Imported::new(imports, free_prefix(&names));
    let mut formulas: BTreeMap<Place, Translated> = BTreeMap::new();
    let mut needed = Need::new(workbook, is_whole);
    for (home, sheet) in workbook.sheets.iter().enumerate() {
        let mut translator = Translator {
            workbook,
            names: &names,
            home,
            imported: &mut imported,
            note: None,
            most_made: 0,
        };
        for (row, content) in &sheet.rows {
            for (column, cell) in &content.cells {
                if let Value::Formula { text, .. } = &cell.value {
                    needed.add(workbook, home, text);
                    formulas.insert((home, *row, *column), translator.formula(text));
                }
            }
        }
    }
    let mut model = empty_model(workbook, &names)?;
    for (at, sheet) in workbook.sheets.iter().enumerate().filter(|(at, _)| needed.has_any(*at)) {
        feed(&mut model, at, sheet, &needed)?;
    }
    for (name, rows) in &imported.tabs {
        let at = model.workbook.worksheets.len();
        model.add_sheet(name).map_err(Broken::Refused)?;
        for (row, cells) in rows.iter().enumerate() {
            for (column, value) in cells.iter().enumerate() {
                put(&mut model, at, row as u32, column as u32, value)?;
            }
        }
    }
    for ((sheet, row, column), formula) in &formulas {
        let (at, row, column) = position(*sheet, *row, *column);
        let enter = || model.set_user_input(at, row, column, formula.text.clone());
        // The engine may stumble over a word that it takes for a column; that is the error of one formula, not of all.
        let is_read = matches!(catch_unwind(AssertUnwindSafe(enter)), Ok(Ok(())));
        if !is_read {
            let unreadable = model.set_user_input(at, row, column, "#ERROR!".to_owned());
            unreadable.map_err(Broken::Refused)?;
        }
    }
    model.evaluate();
    Ok(results(workbook, &model, &formulas))
}

fn empty_model<'a>(workbook: &'a Workbook, names: &[String]) -> Result<Model<'a>, Broken> {
    let model = Model::new_empty("workbook", "en", &workbook.time_zone, "en");
    let mut model = match model {
        Ok(model) => model,
        // A zone that the engine does not know only moves what `NOW` and `TODAY` say.
        Err(_) => Model::new_empty("workbook", "en", "UTC", "en").map_err(Broken::Refused)?,
    };
    for (at, name) in names.iter().enumerate() {
        match at {
            0 => model.rename_sheet_by_index(0, name),
            _ => model.add_sheet(name),
        }
        .map_err(Broken::Refused)?;
    }
    Ok(model)
}

/// Names the tabs as people do where the engine allows it, so that `INDIRECT` finds them.
fn names(workbook: &Workbook) -> Vec<String> {
    let is_fit = |title: &str| title.chars().count() <= 31 && !title.contains(['[', ']', '*', '?', ':', '/', '\\']);
    let mut names: Vec<String> = Vec::new();
    for (at, sheet) in workbook.sheets.iter().enumerate() {
        let mut name = sheet.title.clone();
        let mut tries = at;
        let is_taken =
            |name: &str, names: &[String]| names.iter().any(|known| known.to_uppercase() == name.to_uppercase());
        while !is_fit(&name) || is_taken(&name, &names) {
            name = format!("tab {tries}");
            tries += workbook.sheets.len();
        }
        names.push(name);
    }
    names
}

fn free_prefix(names: &[String]) -> String {
    let mut prefix = "import ".to_owned();
    while names.iter().any(|name| name.to_lowercase().starts_with(&prefix)) {
        prefix.insert(0, 'x');
    }
    prefix
}

fn feed(model: &mut Model<'_>, at: usize, sheet: &Sheet, needed: &Need) -> Result<(), Broken> {
    for (row, content) in sheet.rows.range(..ENGINE_ROWS) {
        for (column, cell) in content.cells.range(..ENGINE_COLUMNS) {
            if !needed.has(at, *column) {
                continue;
            }
            let value = match &cell.value {
                Value::Formula { .. } | Value::Spilled(_) | Value::Empty => continue,
                other => crate::render::result(other),
            };
            put(model, at, *row, *column, &value)?;
        }
    }
    Ok(())
}

fn put(model: &mut Model<'_>, at: usize, row: u32, column: u32, value: &Computed) -> Result<(), Broken> {
    let (sheet, row, column) = position(at, row, column);
    match value {
        Computed::Empty => Ok(()),
        Computed::Text(text) => model.update_cell_with_text(sheet, row, column, text),
        Computed::Number(number) => model.update_cell_with_number(sheet, row, column, *number),
        Computed::Boolean(flag) => model.update_cell_with_bool(sheet, row, column, *flag),
        Computed::Error { shown, .. } => {
            model.set_user_input(sheet, row, column, failure::engine_name(shown).to_owned())
        }
    }
    .map_err(Broken::Refused)
}

/// The engine counts rows and columns from 1.
fn position(sheet: usize, row: u32, column: u32) -> (u32, i32, i32) {
    (sheet as u32, row as i32 + 1, column as i32 + 1)
}

fn results(workbook: &Workbook, model: &Model<'_>, formulas: &BTreeMap<Place, Translated>) -> Results {
    let mut results = Results::default();
    for ((sheet, row, column), formula) in formulas {
        let cell = |down: u32, right: u32| {
            let (at, row, column) = position(*sheet, row + down, column + right);
            let tab = model.workbook.worksheet(at).ok()?;
            tab.cell(row, column).map(std::borrow::Cow::into_owned)
        };
        let is_blank = |down: u32, right: u32| blank_source(workbook, model, *sheet, formula, down, right);
        let (value, size) = match cell(0, 0) {
            Some(EngineCell::CellFormula { v, .. }) => (of_formula(&v), (1, 1)),
            Some(EngineCell::ArrayFormula { v, r, .. }) => (of_formula(&v), r),
            _ => (failure::of(&Error::ERROR, None), (1, 1)),
        };
        let (width, height) = (size.0.max(1) as u32, size.1.max(1) as u32);
        let tab = &workbook.sheets[*sheet];
        if row + height > tab.row_count || column + width > tab.column_count {
            let missing = failure::over_the_edge(row + height, column + width);
            results.formulas.insert((*sheet, *row, *column), missing);
            continue;
        }
        let fitted = |value: Computed, down, right| match value {
            Computed::Text(text) if text.is_empty() && formula.hands_on => Computed::Empty,
            Computed::Number(number) if number == 0.0 && is_blank(down, right) => Computed::Empty,
            value => failure::noted(failure::fit(value), formula.note.as_ref()),
        };
        results.formulas.insert((*sheet, *row, *column), fitted(value, 0, 0));
        for down in 0..height {
            for right in 0..width {
                if let Some(EngineCell::SpillCell { v, .. }) = cell(down, right).filter(|_| (down, right) != (0, 0)) {
                    let value = fitted(of_spill(&v), down, right);
                    results.spills.insert((*sheet, row + down, column + right), value);
                }
            }
        }
    }
    results
}

/// A formula that is nothing but cells shows blanks as blanks, where the engine says 0.
fn blank_source(
    workbook: &Workbook,
    model: &Model<'_>,
    home: usize,
    formula: &Translated,
    down: u32,
    right: u32,
) -> bool {
    let Some(only) = &formula.only else { return false };
    let sheet = match &only.tab {
        Some(title) => workbook.position_of_title(title),
        None => Some(home),
    };
    sheet.is_some_and(|sheet| {
        let tab = &workbook.sheets[sheet];
        let (rows, columns) = only.within(tab.row_count, tab.column_count);
        let (at, row, column) = position(sheet, rows.start + down, columns.start + right);
        let cell = model.workbook.worksheet(at).ok().and_then(|tab| tab.cell(row, column));
        cell.is_none_or(|cell| matches!(*cell, EngineCell::EmptyCell { .. }))
    })
}

fn of_formula(value: &FormulaValue) -> Computed {
    match value {
        FormulaValue::Boolean(flag) => Computed::Boolean(*flag),
        FormulaValue::Number(number) => Computed::Number(*number),
        FormulaValue::Text(text) => Computed::Text(text.clone()),
        FormulaValue::Error { ei, d } => failure::of(ei, Some(&d.m)),
        FormulaValue::Unevaluated => failure::of(&Error::ERROR, None),
    }
}

fn of_spill(value: &SpillValue) -> Computed {
    match value {
        SpillValue::Boolean(flag) => Computed::Boolean(*flag),
        SpillValue::Number(number) => Computed::Number(*number),
        SpillValue::Text(text) => Computed::Text(text.clone()),
        SpillValue::Error(error) => failure::of(error, None),
    }
}
