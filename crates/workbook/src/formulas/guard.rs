//! How much formulas may ask of the engine, checked before it sees them.

use sheets::a1::A1;
use sheets::a1::Span;
use sheets::wire::Refusal;

use super::lex::{Kind, Token, lex};
use crate::limits::{MOST_CHARACTERS, check_text};
use crate::model::{Value, Workbook};

/// Parentheses and brackets inside each other in one formula.
pub const MOST_NESTED: usize = 64;
/// Operators in one formula, of which each makes the engine go one step deeper.
pub const MOST_OPERATORS: usize = 1_000;
/// Formulas in a workbook.
pub const MOST_FORMULAS: usize = 100_000;
/// Cells that all formulas of a workbook read together, a cell counted once for each formula that reads it.
pub const MOST_CELLS_READ: u64 = 100_000_000;

/// Cells of the largest table that one formula may make while it is worked out.
pub const MOST_AT_ONCE: u64 = 20_000_000;
/// Functions that turn rows into columns, so that a tall range may meet itself as a wide one.
pub(super) const TURNING: &[&str] = &["MMULT", "TOROW", "TRANSPOSE", "WRAPCOLS", "WRAPROWS"];

/// Refuses formulas that would cost too much.
pub(crate) fn check(workbook: &Workbook) -> Result<(), Refusal> {
    let used: Vec<(u32, u32)> = workbook
        .sheets
        .iter()
        .map(|sheet| {
            let rows = sheet.rows.keys().next_back().map_or(0, |last| last + 1);
            let last = |row: &crate::model::Row| row.cells.keys().next_back().map_or(0, |last| last + 1);
            (rows, sheet.rows.values().map(|row| last(row)).max().unwrap_or(0))
        })
        .collect();
    let (mut formulas, mut cells) = (0, 0);
    for (home, sheet) in workbook.sheets.iter().enumerate() {
        for (at, row) in &sheet.rows {
            for (column, cell) in &row.cells {
                let Value::Formula { text, .. } = &cell.value else {
                    continue;
                };
                formulas += 1;
                let tokens = lex(text);
                check_shape(text, &tokens).map_err(|why| {
                    let place = A1::new(sheet.title.as_str(), Span::one(*at), Span::one(*column));
                    Refusal::invalid(format!("The formula in {place} {why}"))
                })?;
                check_table(workbook, home, &used, &tokens).map_err(|size| {
                    let place = A1::new(sheet.title.as_str(), Span::one(*at), Span::one(*column));
                    Refusal::invalid(format!(
                        "The formula in {place} joins ranges that make {size} cells as a table; the limit is {MOST_AT_ONCE}. Let it read shorter ranges."
                    ))
                })?;
                cells += tokens
                    .iter()
                    .map(|token| reads(workbook, home, &used, token))
                    .sum::<u64>();
            }
        }
    }
    if formulas > MOST_FORMULAS {
        return Err(Refusal::invalid(format!(
            "The workbook would hold {formulas} formulas; the limit is {MOST_FORMULAS}. Replace some by their values."
        )));
    }
    if cells > MOST_CELLS_READ {
        return Err(Refusal::invalid(format!(
            "The formulas of the workbook would read {cells} cells; the limit is {MOST_CELLS_READ}. Let them read shorter ranges."
        )));
    }
    Ok(())
}

fn check_shape(text: &str, tokens: &[Token<'_>]) -> Result<(), String> {
    if check_text(text).is_err() {
        return Err(format!("is longer than {MOST_CHARACTERS} characters; part it."));
    }
    let (mut depth, mut operators) = (0_usize, 0_usize);
    for token in tokens {
        match token.kind {
            Kind::Open | Kind::OpenArray => depth += 1,
            Kind::Close | Kind::CloseArray => depth = depth.saturating_sub(1),
            Kind::Other => operators += 1,
            _ => {}
        }
        if depth > MOST_NESTED {
            return Err(format!(
                "nests more than {MOST_NESTED} levels; put parts of it into cells of their own."
            ));
        }
    }
    if operators > MOST_OPERATORS {
        return Err(format!(
            "has more than {MOST_OPERATORS} operators; use a function over a range, such as SUM."
        ));
    }
    Ok(())
}

/// A tall range and a wide one make a table of both sides when an operator joins them.
fn check_table(workbook: &Workbook, home: usize, used: &[(u32, u32)], tokens: &[Token<'_>]) -> Result<(), u64> {
    let (mut tallest, mut widest, mut largest) = (0, 0, 0);
    let mut turns = false;
    for token in tokens {
        let (height, width) = size(workbook, home, used, token);
        tallest = tallest.max(height);
        widest = widest.max(width);
        largest = largest.max(height * width);
        turns |= token.kind == Kind::Function && TURNING.contains(&token.text.to_uppercase().as_str());
    }
    if turns {
        (tallest, widest) = (tallest.max(widest), tallest.max(widest));
    }
    let table = tallest * widest;
    // A range alone is bounded by what the workbook holds.
    if table > MOST_AT_ONCE && table > largest {
        Err(table)
    } else {
        Ok(())
    }
}

fn reads(workbook: &Workbook, home: usize, used: &[(u32, u32)], token: &Token<'_>) -> u64 {
    let (height, width) = size(workbook, home, used, token);
    height * width
}

fn size(workbook: &Workbook, home: usize, used: &[(u32, u32)], token: &Token<'_>) -> (u64, u64) {
    let Kind::Reference(reference) = &token.kind else {
        return (0, 0);
    };
    let sheet = match &reference.tab {
        Some(title) => workbook.position_of_title(title),
        None => Some(home),
    };
    sheet.map_or((0, 0), |sheet| {
        let (rows, columns) = reference.within(used[sheet].0, used[sheet].1);
        (rows.len() as u64, columns.len() as u64)
    })
}
