//! What may be typed where, and what people are warned of.

use super::{Placed, data_rows, runs, sheet_id};
use crate::a1::Span;
use crate::tabs::{Kind, Layout, Owner};
use crate::wire::{
    AddProtectedRangeRequest, BooleanCondition, ConditionValue, DataValidationRule, DeleteProtectedRangeRequest,
    GridRange, ProtectedRange, Request, SetDataValidationRequest, Sheet,
};

/// What the descriptions of our protections begin with; by it they are found again.
const OURS: &str = "Runboard: ";

/// Dropdowns and checkboxes. Of other columns a product manager may have rules of their own, which stay.
pub(super) fn validations(id: i64, layout: Layout, columns: &[Placed]) -> Vec<Request> {
    let ruled = columns.iter().filter_map(|placed| Some((placed.at, rule(placed)?)));
    let request = |(at, rule)| {
        Request::SetDataValidation(Box::new(SetDataValidationRequest {
            range: Some(GridRange::of(id, data_rows(layout), Span::one(at))),
            rule: Some(rule),
            filtered_rows_included: Some(true),
        }))
    };
    ruled.map(request).collect()
}

/// Only where people write: what Runboard writes needs no rule. Words of the older vocabulary are read, too, so the list
/// warns and does not refuse.
fn rule(placed: &Placed) -> Option<DataValidationRule> {
    let column = placed.column;
    let (kind, values) = match (column.owner, column.kind) {
        (Owner::Pm, Kind::Boolean) => ("BOOLEAN", None),
        (Owner::Pm, Kind::Choice(choices)) => {
            let words = choices.words.iter().map(|word| ConditionValue {
                user_entered_value: Some((*word).to_owned()),
                relative_date: None,
            });
            ("ONE_OF_LIST", Some(words.collect()))
        }
        _ => return None,
    };
    Some(DataValidationRule {
        condition: Some(BooleanCondition {
            r#type: Some(kind.to_owned()),
            values,
        }),
        input_message: Some(column.help.to_owned()),
        strict: Some(kind == "BOOLEAN"),
        show_custom_ui: Some(true),
    })
}

/// People are warned before they write where Runboard writes; protections of an earlier time are taken away.
pub(super) fn protections(sheet: &Sheet, layout: Layout, columns: &[Placed]) -> Vec<Request> {
    let id = sheet_id(sheet);
    let known = sheet.protected_ranges.iter().flatten();
    let gone = known.filter(|range| is_ours(range)).map(|range| {
        Request::DeleteProtectedRange(Box::new(DeleteProtectedRangeRequest {
            protected_range_id: range.protected_range_id,
        }))
    });
    let head = Span::new(0, layout.first_data_row() - 1);
    let heads = runs(columns, |_| true)
        .into_iter()
        .map(|span| (head, span, "this row explains the columns; Restore help writes it anew"));
    let data = runs(columns, |placed| placed.column.owner == Owner::System)
        .into_iter()
        .map(|span| {
            (
                data_rows(layout),
                span,
                "written by the system; what you type here is written over",
            )
        });
    let new = heads.chain(data).map(|(rows, span, words)| {
        Request::AddProtectedRange(Box::new(AddProtectedRangeRequest {
            protected_range: Some(ProtectedRange {
                range: Some(GridRange::of(id, rows, span)),
                description: Some(format!("{OURS}{words}")),
                warning_only: Some(true),
                ..ProtectedRange::default()
            }),
        }))
    });
    gone.chain(new).collect()
}

fn is_ours(range: &ProtectedRange) -> bool {
    range
        .description
        .as_deref()
        .is_some_and(|description| description.starts_with(OURS))
}
