use super::*;
use crate::tabs::{CANDIDATES, INTAKE, LLM_CONTEXT, SCENARIO_CONFIG, SCORING_INPUTS, TARGETS};
use serde_json::json;

fn resolve(tab: &'static Tab, row: &[&str]) -> Result<Headers, HeaderError> {
    let row: Vec<Value> = row.iter().map(|text| json!(text)).collect();
    Headers::resolve(tab, &row)
}

fn place(headers: &Headers, header: &str) -> Option<u32> {
    headers.column(header).map(|found| found.at)
}

#[test]
fn headers_are_found_in_either_spelling_and_in_any_order() {
    let headers = resolve(
        &SCORING_INPUTS,
        &["RUN-STATUS", "RICE: Reach", " rice_impact ", "Initiative Key"],
    )
    .unwrap();
    assert_eq!(place(&headers, "run_status"), Some(0));
    assert_eq!(place(&headers, "rice_reach"), Some(1));
    assert_eq!(place(&headers, "rice_impact"), Some(2));
    assert_eq!(place(&headers, "initiative_key"), Some(3));
}

#[test]
fn words_of_an_older_vocabulary_are_understood() {
    let headers = resolve(&SCORING_INPUTS, &["initiative_key", "Status"]).unwrap();
    assert_eq!(place(&headers, "run_status"), Some(1));
    let headers = resolve(&INTAKE, &["Title", "Country", "Status", "Initiative Key", "Run Status"]).unwrap();
    assert_eq!(place(&headers, "Market"), Some(1));
    assert_eq!(place(&headers, "Lifecycle Status"), Some(2));
}

#[test]
fn a_status_that_means_something_else_is_not_taken_for_the_row_status() {
    let headers = resolve(&CANDIDATES, &["initiative_key", "status", "run_status"]).unwrap();
    assert_eq!(place(&headers, "status"), Some(1));
    assert_eq!(place(&headers, "run_status"), Some(2));
}

#[test]
fn duplicates_are_named_with_their_columns() {
    let error = resolve(
        &SCORING_INPUTS,
        &["initiative_key", "rice_reach", "", "RICE: Reach", "run_status"],
    )
    .unwrap_err();
    assert_eq!(
        error.to_string(),
        "the headers of Scoring_Inputs must be mended first: rice_reach stands in the columns B \"rice_reach\" and D \
         \"RICE: Reach\"; keep one of them and rename or delete the others"
    );
}

#[test]
fn an_alias_beside_the_real_header_is_ambiguous_where_people_write_and_their_own_where_we_write() {
    let error = resolve(
        &TARGETS,
        &[
            "scenario_name",
            "constraint_set_name",
            "kpi_key",
            "market",
            "country",
            "run_status",
        ],
    )
    .unwrap_err();
    assert!(matches!(&error.problems[..], [HeaderProblem::Duplicate { header, .. }] if header == "market"));

    let headers = resolve(&SCORING_INPUTS, &["Status", "initiative_key", "run_status"]).unwrap();
    assert_eq!(place(&headers, "run_status"), Some(2));
    assert_eq!(headers.own, [(0, "Status".to_owned())]);
}

#[test]
fn every_missing_required_header_is_named() {
    let error = resolve(&SCORING_INPUTS, &["title", "notes of mine"]).unwrap_err();
    let missing: Vec<_> = error
        .problems
        .iter()
        .map(|problem| match problem {
            HeaderProblem::Missing { header } => *header,
            HeaderProblem::Duplicate { .. } => "duplicate",
        })
        .collect();
    assert_eq!(missing, ["initiative_key", "run_status"]);
    assert!(error.to_string().contains("choose Restore help"));
}

#[test]
fn unknown_columns_are_the_product_managers_own() {
    let headers = resolve(
        &SCORING_INPUTS,
        &["initiative_key", "my notes", "", "run_status", "=A1"],
    )
    .unwrap();
    assert_eq!(headers.own, [(1, "my notes".to_owned()), (4, "=A1".to_owned())]);
    assert_eq!(headers.width, 5);
}

#[test]
fn columns_that_follow_a_pattern_are_told_apart_by_their_variable_part() {
    let headers = resolve(
        &SCENARIO_CONFIG,
        &[
            "scenario_name",
            "period_key",
            "Weight: revenue",
            "weight:orders",
            "weight",
            "run_status",
        ],
    )
    .unwrap();
    let weight = SCENARIO_CONFIG.column("weight: <kpi>").unwrap();
    assert_eq!(headers.patterned(weight, "Revenue").map(|found| found.at), Some(2));
    assert_eq!(headers.patterned(weight, "orders").map(|found| found.at), Some(3));
    assert_eq!(headers.own, [(4, "weight".to_owned())]);

    let error = resolve(
        &SCENARIO_CONFIG,
        &[
            "scenario_name",
            "period_key",
            "weight: revenue",
            "weight: Revenue",
            "run_status",
        ],
    )
    .unwrap_err();
    assert!(
        error
            .to_string()
            .contains("C \"weight: revenue\" and D \"weight: Revenue\"")
    );
}

#[test]
fn any_header_of_the_context_is_a_section() {
    let headers = resolve(&LLM_CONTEXT, &["Company", "Our competitors"]).unwrap();
    assert_eq!(headers.found.len(), 2);
    assert_eq!(headers.found[1].argument.as_deref(), Some("Our competitors"));
}

#[test]
fn headers_that_are_no_text_do_not_matter() {
    let row = [
        json!(2026),
        json!("initiative_key"),
        json!(null),
        json!(true),
        json!("run_status"),
    ];
    let headers = Headers::resolve(&SCORING_INPUTS, &row).unwrap();
    assert_eq!(headers.own, [(0, "2026".to_owned()), (3, "true".to_owned())]);
}
