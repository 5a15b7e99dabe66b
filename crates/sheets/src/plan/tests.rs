use super::*;
use crate::{
    rows::RowKey,
    status::RowStatus,
    tabs::{SCORING_INPUTS, Tab},
};
use chrono::NaiveDate;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const HEADER: &[&str] = &[
    "initiative_key",
    "mine",
    "rice_reach",
    "rice_value_score",
    "rice_effort_score",
    "run_status",
    "updated_source",
    "updated_at",
];

/// A sheet of the scoring tab.
struct Sheet {
    headers: Headers,
    rows: Rows,
    formulas: HashSet<(u32, u32)>,
}

impl Sheet {
    fn new(header: &[&str], keys: &[&str]) -> Self {
        let header: Vec<Value> = header.iter().map(|text| json!(text)).collect();
        let (headers, _) = Headers::judge(&SCORING_INPUTS, &header);
        let data: Vec<Vec<Value>> = keys.iter().map(|key| vec![json!(key)]).collect();
        let rows = Rows::index(&headers, 5, &data);
        Self {
            headers,
            rows,
            formulas: HashSet::new(),
        }
    }

    fn fresh(&self) -> Fresh<'_> {
        Fresh {
            headers: &self.headers,
            rows: &self.rows,
            formulas: &self.formulas,
        }
    }

    fn results(&self, changes: &[RowChange]) -> ResultPlan {
        results(self.fresh(), &Sheet::new(HEADER, &[]).headers, &[], changes).unwrap()
    }
}

fn key(text: &str) -> RowKey {
    RowKey::new([text]).unwrap()
}

fn change(text: &str, cells: &[(&str, Value)]) -> RowChange {
    let tab: &'static Tab = &SCORING_INPUTS;
    RowChange {
        key: key(text),
        cells: cells
            .iter()
            .map(|(header, value)| (tab.column(header).unwrap().into(), value.clone()))
            .collect(),
        status: RowStatus::DONE,
    }
}

fn scored(text: &str, value: f64) -> RowChange {
    change(
        text,
        &[("rice_value_score", json!(value)), ("rice_effort_score", json!(2))],
    )
}

fn said(plan: &ResultPlan) -> Vec<String> {
    plan.outcomes.iter().map(|outcome| outcome.status.to_string()).collect()
}

#[test]
fn neighbouring_cells_become_one_rectangle_of_owned_columns_only() {
    let sheet = Sheet::new(HEADER, &["INIT-1", "INIT-2"]);
    let plan = sheet.results(&[scored("INIT-2", 20.0), scored("INIT-1", 10.0)]);
    let block = Block {
        row: 5,
        column: 3,
        cells: vec![vec![json!(10.0), json!(2)], vec![json!(20.0), json!(2)]],
    };
    assert_eq!(plan.blocks, [block]);
    assert_eq!(said(&plan), ["OK", "OK"]);
}

#[test]
fn rows_that_moved_are_written_where_their_key_is_now() {
    let sheet = Sheet::new(HEADER, &["", "INIT-2", "", "INIT-1"]);
    let plan = sheet.results(&[scored("INIT-1", 10.0)]);
    assert_eq!(plan.blocks[0].row, 8);
}

#[test]
fn columns_that_moved_are_written_where_their_header_is_now() {
    let sheet = Sheet::new(&["rice_value_score", "initiative_key", "rice_effort_score"], &[]);
    let data = vec![vec![json!(""), json!("INIT-1")]];
    let rows = Rows::index(&sheet.headers, 5, &data);
    let plan = Sheet { rows, ..sheet }.results(&[scored("INIT-1", 10.0)]);
    assert_eq!(plan.blocks.iter().map(|block| block.column).collect::<Vec<_>>(), [0, 2]);
}

#[test]
fn a_key_that_is_gone_or_twice_fails_its_row_and_no_other() {
    let sheet = Sheet::new(HEADER, &["INIT-1", "INIT-2", "INIT-2"]);
    let plan = sheet.results(&[scored("INIT-1", 1.0), scored("INIT-2", 2.0), scored("INIT-3", 3.0)]);
    let said = said(&plan);
    assert_eq!(said[0], "OK");
    assert!(said[1].starts_with("FAILED: duplicate key (rows 6, 7)"), "{}", said[1]);
    assert!(said[2].starts_with("FAILED: the key left this tab"), "{}", said[2]);
    assert_eq!(plan.blocks.len(), 1);
    assert_eq!(plan.blocks[0].cells.len(), 1);
}

#[test]
fn a_cell_with_a_formula_is_left_alone_and_the_row_says_so() {
    let mut sheet = Sheet::new(HEADER, &["INIT-1"]);
    sheet.formulas.insert((5, 3));
    let plan = sheet.results(&[scored("INIT-1", 1.0)]);
    assert_eq!(said(&plan), ["SKIPPED: cell holds a formula (rice_value_score)"]);
    assert_eq!(
        plan.blocks,
        [Block {
            row: 5,
            column: 4,
            cells: vec![vec![json!(2)]]
        }]
    );
}

#[test]
fn a_column_that_was_renamed_during_the_run_fails_the_rows_that_need_it() {
    let sheet = Sheet::new(&["initiative_key", "value", "rice_effort_score"], &["INIT-1"]);
    let plan = sheet.results(&[scored("INIT-1", 1.0)]);
    assert!(said(&plan)[0].starts_with("FAILED: the column rice_value_score was renamed or deleted"));
    assert!(plan.blocks.is_empty());
}

#[test]
fn a_column_the_sheet_never_had_is_left_out_and_named() {
    let sheet = Sheet::new(HEADER, &["INIT-1"]);
    let plan = sheet.results(&[change(
        "INIT-1",
        &[("ice_value_score", json!(1)), ("rice_value_score", json!(2))],
    )]);
    assert_eq!(plan.absent.iter().copied().collect::<Vec<_>>(), ["ice_value_score"]);
    assert_eq!(said(&plan), ["OK"]);
    assert_eq!(plan.blocks.len(), 1);
}

#[test]
fn columns_of_product_managers_are_written_only_by_actions_that_say_so() {
    let sheet = Sheet::new(HEADER, &["INIT-1"]);
    let changes = [change("INIT-1", &[("rice_reach", json!(1))])];
    let refused = results(sheet.fresh(), &sheet.headers, &[], &changes).unwrap_err();
    assert_eq!(refused.header, "rice_reach");
    let plan = results(sheet.fresh(), &sheet.headers, &["rice_reach"], &changes).unwrap();
    assert_eq!(plan.blocks.len(), 1);
}

#[test]
fn a_row_that_is_not_ok_is_told_but_not_written() {
    let sheet = Sheet::new(HEADER, &["INIT-1"]);
    let mut change = scored("INIT-1", 1.0);
    change.status = RowStatus::skipped("effort missing");
    let plan = sheet.results(&[change]);
    assert_eq!(said(&plan), ["SKIPPED: effort missing"]);
    assert!(plan.blocks.is_empty());
}

#[test]
fn every_row_of_a_key_is_told_with_source_and_time_in_one_rectangle() {
    let sheet = Sheet::new(HEADER, &["INIT-1", "INIT-2", "INIT-2"]);
    let plan = sheet.results(&[scored("INIT-1", 1.0), scored("INIT-2", 2.0), scored("INIT-3", 3.0)]);
    let at = NaiveDate::from_ymd_opt(2026, 1, 5)
        .unwrap()
        .and_hms_opt(9, 30, 0)
        .unwrap();
    let stamp = Stamp {
        source: "flow3.write_scores",
        at,
    };
    let told = statuses(sheet.fresh(), &plan.outcomes, stamp);
    assert_eq!(told.untold, [key("INIT-3")]);
    assert_eq!(told.blocks.len(), 1);
    assert_eq!((told.blocks[0].row, told.blocks[0].column), (5, 5));
    assert_eq!(told.blocks[0].cells.len(), 3);
    assert_eq!(
        told.blocks[0].cells[0],
        [json!("OK"), json!("flow3.write_scores"), json!("2026-01-05 09:30:00")]
    );
}

#[test]
fn clearing_a_cell_writes_an_empty_text_because_null_would_leave_it() {
    let cells = BTreeMap::from([((5, 0), Value::Null)]);
    assert_eq!(group(&cells)[0].cells, [[json!("")]]);
}

#[test]
fn the_direction_with_fewer_rectangles_is_chosen() {
    let long_rows: BTreeMap<_, _> = [(1, 0), (1, 1), (1, 2), (2, 1), (2, 2), (2, 3)]
        .into_iter()
        .map(|at| (at, json!(1)))
        .collect();
    assert_eq!(group(&long_rows).len(), 2);
}

proptest::proptest! {
    #[test]
    fn rectangles_cover_exactly_the_cells_that_are_written(
        places in proptest::collection::btree_set((1..12_u32, 0..8_u32), 0..60)
    ) {
        let cells: BTreeMap<_, _> = places.iter().map(|at| (*at, json!(format!("{at:?}")))).collect();
        let mut covered = BTreeMap::new();
        for block in group(&cells) {
            for (row, line) in (block.row..).zip(&block.cells) {
                for (column, cell) in (block.column..).zip(line) {
                    proptest::prop_assert!(covered.insert((row, column), cell.clone()).is_none());
                }
            }
        }
        proptest::prop_assert_eq!(covered, cells);
    }
}
