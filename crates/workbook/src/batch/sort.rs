//! Sorts rows: each goes with its identity, its metadata and its height.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use sheets::wire::{Refusal, SortRangeRequest};

use super::needed;
use crate::formulas::adjust;
use crate::model::{Cell, Computed, Row, Workbook};
use crate::place;
use crate::render::result;

pub(super) fn sort(workbook: &mut Workbook, asked: &SortRangeRequest) -> Result<(), Refusal> {
    let place = place::of_grid(workbook, needed(asked.range.as_ref(), "range")?)?;
    let mut keys = Vec::new();
    for spec in asked.sort_specs.iter().flatten() {
        let column = spec.dimension_index.and_then(|column| u32::try_from(column).ok());
        let column = column.filter(|column| place.columns.contains(column));
        let column = column.ok_or_else(|| Refusal::invalid("sortSpecs must name columns inside the range."))?;
        keys.push((column, spec.sort_order.as_deref() == Some("DESCENDING")));
    }
    if keys.is_empty() {
        return Err(Refusal::invalid("sortSpecs must name at least one column."));
    }
    let tab = &mut workbook.sheets[place.sheet];
    let old: Vec<(u32, Arc<Row>)> = tab
        .rows
        .range(place.rows.clone())
        .map(|(at, row)| (*at, Arc::clone(row)))
        .collect();
    let mut order: Vec<usize> = (0..old.len()).collect();
    order.sort_by(|one, other| compare(&old[*one].1, &old[*other].1, &keys));
    // Rows without values are last, so sorted rows stand without gaps from the first row on.
    let mut sorted: BTreeMap<u32, Arc<Row>> = BTreeMap::new();
    for (at, from) in order.iter().enumerate() {
        let (position, row) = &old[*from];
        let to = place.rows.start + at as u32;
        sorted.insert(to, adjust::copied(row, &place.columns, &tab.title, *position, to));
    }
    for (at, _) in &old {
        tab.rows.remove(at);
    }
    tab.rows.extend(sorted);
    let outside = |column: &u32| !place.columns.contains(column);
    // Cells beside the range keep their position, whatever row comes to stand there.
    if old.iter().any(|(_, row)| row.cells.keys().any(outside)) {
        for row in tab.rows.range_mut(place.rows.clone()).map(|(_, row)| row) {
            Arc::make_mut(row).cells.retain(|column, _| !outside(column));
        }
        for (at, row) in &old {
            for (column, cell) in row.cells.iter().filter(|(column, _)| outside(column)) {
                *workbook.cell_mut(place.sheet, *at, *column) = cell.clone();
            }
        }
    }
    workbook.sheets[place.sheet].tidy(place.rows);
    Ok(())
}

fn compare(one: &Row, other: &Row, keys: &[(u32, bool)]) -> Ordering {
    for (column, descending) in keys {
        let (one, other) = (value(one.cells.get(column)), value(other.cells.get(column)));
        let order = match (&one, &other) {
            (Computed::Empty, Computed::Empty) => Ordering::Equal,
            // Blanks are last in either direction.
            (Computed::Empty, _) => Ordering::Greater,
            (_, Computed::Empty) => Ordering::Less,
            _ if *descending => values(&other, &one),
            _ => values(&one, &other),
        };
        if order != Ordering::Equal {
            return order;
        }
    }
    Ordering::Equal
}

fn value(cell: Option<&Cell>) -> Computed {
    match cell.map(|cell| result(&cell.value)) {
        Some(Computed::Text(text)) if text.is_empty() => Computed::Empty,
        Some(value) => value,
        None => Computed::Empty,
    }
}

/// Numbers come before texts, texts before true and false, errors last.
fn values(one: &Computed, other: &Computed) -> Ordering {
    let rank = |value: &Computed| match value {
        Computed::Number(_) => 0,
        Computed::Text(_) => 1,
        Computed::Boolean(_) => 2,
        Computed::Error { .. } => 3,
        Computed::Empty => 4,
    };
    match (one, other) {
        (Computed::Number(one), Computed::Number(other)) => one.total_cmp(other),
        (Computed::Text(one), Computed::Text(other)) => one
            .to_lowercase()
            .cmp(&other.to_lowercase())
            .then_with(|| one.cmp(other)),
        (Computed::Boolean(one), Computed::Boolean(other)) => one.cmp(other),
        _ => rank(one).cmp(&rank(other)),
    }
}
