use super::*;
use crate::headers::folded;
use std::collections::BTreeSet;

fn every_tab() -> impl Iterator<Item = (WorkbookRole, &'static Tab)> {
    WorkbookRole::ALL
        .into_iter()
        .flat_map(|role| role.tabs().iter().map(move |tab| (role, *tab)))
}

#[test]
fn no_two_columns_of_a_tab_answer_to_the_same_header() {
    for (_, tab) in every_tab() {
        let mut taken = BTreeSet::new();
        for column in tab.columns {
            for name in std::iter::once(&column.header).chain(column.aliases) {
                assert!(taken.insert(folded(name)), "{}: {name}", tab.name);
            }
        }
    }
}

#[test]
fn every_identity_names_columns_of_its_tab() {
    for (_, tab) in every_tab() {
        for header in tab.identity {
            assert!(tab.column(header).is_some(), "{}: {header}", tab.name);
        }
    }
}

#[test]
fn every_column_explains_itself_in_a_sentence() {
    for (_, tab) in every_tab() {
        for column in tab.columns {
            assert!(!column.help.is_empty(), "{}: {}", tab.name, column.header);
            assert!(column.help.len() <= 120, "{}: {} is long", tab.name, column.header);
        }
    }
}

#[test]
fn a_tab_that_is_made_anew_has_room_for_its_columns() {
    for (_, tab) in every_tab() {
        assert!(tab.default_columns as usize > tab.columns.len(), "{}", tab.name);
        assert!(tab.default_rows > tab.layout.first_data_row(), "{}", tab.name);
    }
}

#[test]
fn every_workbook_ends_with_its_run_log() {
    for role in WorkbookRole::ALL {
        assert_eq!(role.tabs().last().map(|tab| tab.name), Some("RunLog"));
    }
}

#[test]
fn every_tab_with_initiatives_says_how_each_row_went() {
    for (_, tab) in every_tab() {
        let has_initiatives = tab
            .columns
            .iter()
            .any(|column| folded(column.header) == "initiativekey");
        if has_initiatives {
            assert!(tab.status_column().is_some(), "{}", tab.name);
            for header in ["updatedsource", "updatedat"] {
                let found = tab.columns.iter().any(|column| folded(column.header) == header);
                assert!(found, "{}: {header}", tab.name);
            }
        }
    }
}

#[test]
fn a_tab_is_found_by_name_and_alias_whatever_its_spelling() {
    let named = |role, name| find(role, name).map(|tab| tab.name);
    assert_eq!(named(WorkbookRole::ProductOps, "scoring inputs"), Ok("Scoring_Inputs"));
    assert_eq!(named(WorkbookRole::ProductOps, "MATH-MODELS"), Ok("MathModels"));
    assert_eq!(named(WorkbookRole::Backlog, "central_backlog"), Ok("Backlog"));
    assert_eq!(
        named(WorkbookRole::Optimization, "Gaps and alerts"),
        Ok("Gaps_And_Alerts")
    );
    assert_eq!(named(WorkbookRole::Intake, "Ideas of the sales team"), Ok("Intake"));
    assert_eq!(named(WorkbookRole::Intake, "Run Log"), Ok("RunLog"));
}

#[test]
fn a_wrong_tab_is_answered_with_the_right_ones() {
    let error = find(WorkbookRole::Backlog, "Scoring").unwrap_err();
    assert_eq!(
        error.to_string(),
        "\"Scoring\" is no tab of a backlog workbook: use Backlog"
    );
}

#[test]
fn roles_are_read_as_they_are_written() {
    for role in WorkbookRole::ALL {
        assert_eq!(role.to_string().parse(), Ok(role));
    }
    assert!("finance".parse::<WorkbookRole>().is_err());
}
