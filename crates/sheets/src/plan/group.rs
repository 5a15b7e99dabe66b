//! Cells into the fewest rectangles.

use serde_json::Value;
use std::collections::BTreeMap;

/// A rectangle of cells that are all written.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// Its first row, counted from 1.
    pub row: u32,
    /// Its first column, counted from 0.
    pub column: u32,
    /// Its cells, row by row.
    pub cells: Vec<Vec<Value>>,
}

/// Groups cells, named by row (counted from 1) and column (counted from 0), into rectangles without a hole.
pub fn group(cells: &BTreeMap<(u32, u32), Value>) -> Vec<Block> {
    let upright = rectangles(cells.keys().map(|(row, column)| (*column, *row)));
    let lying = rectangles(cells.keys().copied());
    let (spans, is_upright) = if upright.len() <= lying.len() {
        (upright, true)
    } else {
        (lying, false)
    };
    let mut blocks: Vec<Block> = spans
        .into_iter()
        .map(|span| {
            let (columns, rows) = if is_upright {
                (span.lines, span.along)
            } else {
                (span.along, span.lines)
            };
            Block {
                row: rows.0,
                column: columns.0,
                cells: (rows.0..=rows.1)
                    .map(|row| {
                        (columns.0..=columns.1)
                            .map(|column| cells.get(&(row, column)).map_or_else(|| Value::from(""), written))
                            .collect()
                    })
                    .collect(),
            }
        })
        .collect();
    blocks.sort_by_key(|block| (block.row, block.column));
    blocks
}

/// `null` would leave what stands in the cell.
fn written(cell: &Value) -> Value {
    if cell.is_null() { Value::from("") } else { cell.clone() }
}

/// Neighbouring lines, and the places on them that are taken without a gap; all bounds are included.
struct Span {
    lines: (u32, u32),
    along: (u32, u32),
}

/// Runs on each line, joined with the same run on the line before.
fn rectangles(cells: impl Iterator<Item = (u32, u32)>) -> Vec<Span> {
    let mut places: Vec<(u32, u32)> = cells.collect();
    places.sort_unstable();
    let mut runs: Vec<Span> = Vec::new();
    for (line, at) in places {
        match runs.last_mut() {
            Some(run) if run.lines.0 == line && run.along.1 + 1 == at => run.along.1 = at,
            _ => runs.push(Span {
                lines: (line, line),
                along: (at, at),
            }),
        }
    }
    runs.sort_by_key(|run| (run.along, run.lines));
    let mut joined: Vec<Span> = Vec::new();
    for run in runs {
        match joined.last_mut() {
            Some(last) if last.along == run.along && last.lines.1 + 1 == run.lines.0 => last.lines.1 = run.lines.1,
            _ => joined.push(run),
        }
    }
    joined
}
