//! KPI_Contributions: by how much each initiative moves each KPI.

use super::column::{Choices, Column, Kind, pm, system};
use super::vocabulary::{STATUS, UPDATED_AT, UPDATED_SOURCE, initiative_key};
use super::{Layout, Tab};

const SOURCES: Choices = Choices::of(&["computed", "pm_override"]);

/// The tab of contributions.
pub static KPI_CONTRIBUTIONS: Tab = Tab {
    name: "KPI_Contributions",
    aliases: &[],
    purpose: "By how much each initiative moves each KPI; what you write here wins over what was computed.",
    layout: Layout::Explained,
    identity: &["initiative_key"],
    columns: COLUMNS,
    default_rows: 1000,
    default_columns: 14,
};

const COLUMNS: &[Column] = &[
    initiative_key("initiatives.initiative_key"),
    pm(
        "kpi_contribution_json",
        Kind::Json,
        "initiatives.kpi_contribution",
        r#"Your own numbers, by KPI: {"monthly_orders": 120}. Clear it to go back to the computed ones."#,
    ),
    system(
        "kpi_contribution_computed_json",
        Kind::Json,
        "initiatives.kpi_contribution_computed",
        "What the approved math models say.",
    ),
    system(
        "kpi_contribution_source",
        Kind::Choice(&SOURCES),
        "initiatives.kpi_contribution_source",
        "Whose numbers count: computed, or pm_override when you wrote your own.",
    ),
    pm(
        "notes",
        Kind::Text,
        "initiatives.kpi_contribution_notes",
        "Why you changed a number.",
    ),
    STATUS,
    UPDATED_SOURCE,
    UPDATED_AT,
];
