//! Targets: what each market should reach.

use super::column::{Choices, Column, Kind, pm};
use super::vocabulary::{DIMENSIONS, STATUS, UPDATED_AT, UPDATED_SOURCE};
use super::{Layout, Tab};

const BINDING: Choices = Choices::of(&["floor", "goal"]);

/// The tab of targets.
pub static TARGETS: Tab = Tab {
    name: "Targets",
    aliases: &[],
    purpose: "What the plan should reach, by market and KPI.",
    layout: Layout::Explained,
    identity: &[
        "scenario_name",
        "constraint_set_name",
        "market",
        "dimension",
        "key",
        "kpi_key",
    ],
    columns: COLUMNS,
    default_rows: 300,
    default_columns: 18,
};

const COLUMNS: &[Column] = &[
    pm(
        "scenario_name",
        Kind::Text,
        "targets.scenario_name",
        "The scenario it belongs to.",
    )
    .required(),
    pm(
        "constraint_set_name",
        Kind::Text,
        "targets.constraint_set_name",
        "The set it belongs to.",
    )
    .required(),
    pm(
        "market",
        Kind::Text,
        "targets.market",
        "The market; or give dimension and key.",
    )
    .also(&["country"]),
    pm(
        "dimension",
        Kind::Choice(&DIMENSIONS),
        "targets.dimension",
        "What the target speaks about, if not a market.",
    ),
    pm("key", Kind::Text, "targets.dimension_key", "Which one.").also(&["dimension_key"]),
    pm("kpi_key", Kind::Key, "targets.kpi_key", "The KPI.").required(),
    pm(
        "baseline_value",
        Kind::Number,
        "targets.baseline_value",
        "Where it stands today; blank when the target is an increase.",
    ),
    pm(
        "target_value",
        Kind::Number,
        "targets.target_value",
        "Where it should stand, or by how much it should rise.",
    ),
    pm(
        "floor_or_goal",
        Kind::Choice(&BINDING),
        "targets.floor_or_goal",
        "A floor must be reached; a goal is aimed at.",
    ),
    pm("notes", Kind::Text, "targets.notes", "Where the number comes from."),
    STATUS,
    UPDATED_SOURCE,
    UPDATED_AT,
];
