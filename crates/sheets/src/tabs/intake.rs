//! Intake: where teams hand in ideas. Any tab of an intake workbook is one.

use super::column::{Choices, Column, Kind, pm, system};
use super::vocabulary::{
    DEPARTMENT, REQUESTER_EMAIL, REQUESTER_NAME, REQUESTING_TEAM, STATUS_TITLE, UPDATED_AT_TITLE, UPDATED_SOURCE_TITLE,
};
use super::{Layout, Tab};

const LIFECYCLE: Choices = Choices::of(&["new", "withdrawn"]);

/// The tab of ideas.
pub static INTAKE: Tab = Tab {
    name: "Intake",
    aliases: &[],
    purpose: "Teams hand in their ideas here, one per row.",
    layout: Layout::Plain,
    identity: &["Title", "Requesting Team", "Requester Email", "Market"],
    columns: COLUMNS,
    default_rows: 1000,
    default_columns: 20,
};

const COLUMNS: &[Column] = &[
    pm("Title", Kind::Text, "initiatives.title", "Name the idea in one line.").required(),
    pm(
        "Brief Description",
        Kind::Text,
        "initiatives.brief_description",
        "Two or three sentences: what would change, and for whom.",
    ),
    DEPARTMENT,
    REQUESTING_TEAM,
    REQUESTER_NAME,
    REQUESTER_EMAIL,
    pm("Market", Kind::Text, "initiatives.market", "The market it is for.").also(&["Country"]),
    pm(
        "Product Area",
        Kind::Text,
        "initiatives.product_area",
        "The part of the product it touches.",
    ),
    pm(
        "Problem Statement",
        Kind::Text,
        "initiatives.problem_statement",
        "The problem, not the solution.",
    ),
    pm(
        "Deadline Date",
        Kind::Date,
        "initiatives.deadline_date",
        "The day by which it is worth nothing any more.",
    ),
    pm(
        "Lifecycle Status",
        Kind::Choice(&LIFECYCLE),
        "initiatives.lifecycle_status",
        "Write withdrawn to take the idea back; leave it alone otherwise.",
    )
    .also(&["Status"]),
    system(
        "Initiative Key",
        Kind::Key,
        "initiatives.initiative_key",
        "The key this idea was given.",
    )
    .required(),
    STATUS_TITLE,
    UPDATED_SOURCE_TITLE,
    UPDATED_AT_TITLE,
];
