//! A tab gets all that its header map says, twice the same, and nothing of the product manager's.

use super::*;
use crate::tabs::{BACKLOG, INTAKE, SCORING_INPUTS};
use crate::wire::{ConditionalFormatRule, ProtectedRange};
use serde_json::{Value, json};

fn headers(tab: &'static Tab, row: &[&str]) -> Headers {
    let row: Vec<Value> = row.iter().map(|text| json!(text)).collect();
    Headers::judge(tab, &row).0
}

fn names(requests: &[Request]) -> Vec<&str> {
    requests.iter().map(Request::name).collect()
}

/// What a server would hold after the requests, as far as it matters for the next time.
fn after(mut sheet: Sheet, requests: &[Request]) -> Sheet {
    let ranges = sheet.protected_ranges.get_or_insert_default();
    let rules = sheet.conditional_formats.get_or_insert_default();
    let mut next_id = 1 + ranges
        .iter()
        .filter_map(|range| range.protected_range_id)
        .max()
        .unwrap_or(0);
    for request in requests {
        match request {
            Request::DeleteProtectedRange(gone) => {
                ranges.retain(|range| range.protected_range_id != gone.protected_range_id);
            }
            Request::AddProtectedRange(new) => {
                let range = new.protected_range.clone().unwrap();
                ranges.push(ProtectedRange {
                    protected_range_id: Some(next_id),
                    ..range
                });
                next_id += 1;
            }
            Request::DeleteConditionalFormatRule(gone) => {
                rules.remove(gone.index.unwrap() as usize);
            }
            Request::AddConditionalFormatRule(new) => {
                rules.insert(new.index.unwrap() as usize, new.rule.clone().unwrap());
            }
            _ => {}
        }
    }
    sheet
}

#[test]
fn every_role_makes_its_tabs_with_a_run_log_last() {
    for role in WorkbookRole::ALL {
        let made = workbook(role, role.title(), "en_US", "Etc/UTC");
        let titles: Vec<String> = made
            .sheets
            .unwrap()
            .into_iter()
            .map(|sheet| sheet.properties.unwrap().title.unwrap())
            .collect();
        assert_eq!(titles.len(), role.tabs().len());
        assert_eq!(titles.last().unwrap(), "RunLog");
    }
}

#[test]
fn an_empty_tab_gets_every_header_of_its_map_in_order() {
    let sheet = bare(&BACKLOG, 0);
    let requests = dress(&sheet, &headers(&BACKLOG, &[]));
    let written: Vec<String> = requests
        .iter()
        .filter_map(|request| match request {
            Request::UpdateCells(update) if update.start.as_ref()?.row_index == Some(0) => {
                let cell = update.rows.as_ref()?.first()?.values.as_ref()?.first()?;
                cell.user_entered_value.as_ref()?.string_value.clone()
            }
            _ => None,
        })
        .collect();
    let map: Vec<&str> = BACKLOG
        .columns
        .iter()
        .filter(|column| column.pattern.is_none())
        .map(|column| column.header)
        .collect();
    assert_eq!(written, map);
    assert!(names(&requests).contains(&"setDataValidation"));
}

#[test]
fn missing_headers_come_at_the_right_end_and_the_grid_grows_for_them() {
    let mut sheet = bare(&SCORING_INPUTS, 0);
    let properties = sheet.properties.as_mut().unwrap();
    properties.grid_properties.as_mut().unwrap().column_count = Some(3);
    let known = headers(&SCORING_INPUTS, &["my notes", "RICE: Reach", "initiative_key"]);
    let requests = dress(&sheet, &known);
    let Some(Request::AppendDimension(append)) = requests.first() else {
        panic!("{:?}", names(&requests));
    };
    let columns = SCORING_INPUTS
        .columns
        .iter()
        .filter(|column| column.pattern.is_none())
        .count();
    assert_eq!(append.length, Some(columns as i64 - 2));
    for request in &requests {
        if let Request::UpdateCells(update) = request {
            let start = update.start.as_ref().unwrap();
            assert_ne!(start.column_index, Some(0), "the product manager's column was written");
            // The words of a header that is there are the PM's choice.
            let is_known = start.row_index == Some(0) && start.column_index < Some(3);
            assert_eq!(is_known, update.fields.as_deref() == Some("userEnteredFormat"));
        }
    }
}

#[test]
fn doing_it_twice_leaves_one_of_everything_and_what_others_made() {
    let theirs = ProtectedRange {
        protected_range_id: Some(7),
        description: Some("Ask Ann first".to_owned()),
        ..ProtectedRange::default()
    };
    let sheet = Sheet {
        protected_ranges: Some(vec![theirs.clone()]),
        conditional_formats: Some(vec![ConditionalFormatRule::default()]),
        ..bare(&SCORING_INPUTS, 0)
    };
    let known = headers(&SCORING_INPUTS, &[]);
    let once = after(sheet.clone(), &dress(&sheet, &known));
    let twice = after(once.clone(), &dress(&once, &known));
    assert_eq!(once.conditional_formats, twice.conditional_formats);
    assert_eq!(twice.conditional_formats.as_ref().unwrap().len(), 5);
    let count = |sheet: &Sheet| sheet.protected_ranges.as_ref().unwrap().len();
    assert_eq!(count(&once), count(&twice));
    assert_eq!(twice.protected_ranges.unwrap()[0], theirs);
}

#[test]
fn a_plain_tab_has_no_help_rows_and_only_its_header_stays_in_view() {
    let requests = dress(&bare(&INTAKE, 0), &headers(&INTAKE, &[]));
    let frozen = requests.iter().find_map(|request| match request {
        Request::UpdateSheetProperties(update) => {
            update.properties.as_ref()?.grid_properties.as_ref()?.frozen_row_count
        }
        _ => None,
    });
    assert_eq!(frozen, Some(1));
    for request in &requests {
        if let Request::UpdateCells(update) = request {
            assert_eq!(update.start.as_ref().unwrap().row_index, Some(0));
        }
    }
}
