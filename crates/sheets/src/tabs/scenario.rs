//! Scenario_Config: how much can be done, and what is aimed at.

use super::column::{Choices, Column, Kind, pm};
use super::vocabulary::{STATUS, UPDATED_AT, UPDATED_SOURCE};
use super::{Layout, Tab};

const OBJECTIVES: Choices = Choices::of(&["north_star", "weighted_kpis", "lexicographic"]);

/// The tab of scenarios.
pub static SCENARIO_CONFIG: Tab = Tab {
    name: "Scenario_Config",
    aliases: &["Scenarios"],
    purpose: "One row per scenario: the periods, the capacity, and what the plan should aim at.",
    layout: Layout::Explained,
    identity: &["scenario_name"],
    columns: COLUMNS,
    default_rows: 100,
    default_columns: 24,
};

const COLUMNS: &[Column] = &[
    pm(
        "scenario_name",
        Kind::Text,
        "scenarios.scenario_name",
        "A name that is unique on this tab.",
    )
    .required(),
    pm(
        "period_key",
        Kind::PeriodList,
        "scenarios.period_keys",
        "One period or several with commas: 2026-Q1, 2026-03, 2026-W05.",
    )
    .required(),
    pm(
        "capacity_total_tokens",
        Kind::Number,
        "scenarios.capacity_total_tokens",
        "All the effort there is.",
    )
    .unit("tokens"),
    pm(
        "capacity_by_period",
        Kind::Json,
        "scenarios.capacity_by_period",
        r#"By period: {"2026-Q1": 400}."#,
    )
    .unit("tokens"),
    pm(
        "capacity_by_market",
        Kind::Json,
        "scenarios.capacity_by_market",
        r#"By market: {"DE": 200}."#,
    )
    .unit("tokens"),
    pm(
        "capacity_by_department",
        Kind::Json,
        "scenarios.capacity_by_department",
        r#"By department: {"Growth": 150}."#,
    )
    .unit("tokens"),
    pm(
        "objective_mode",
        Kind::Choice(&OBJECTIVES),
        "scenarios.objective_mode",
        "north_star, weighted_kpis (give weights), or lexicographic (give an order).",
    ),
    pm(
        "objective_weights_json",
        Kind::Json,
        "scenarios.objective_weights",
        r#"Weights by KPI: {"monthly_orders": 2}; or use columns named weight: and the KPI."#,
    ),
    pm(
        "weight: <kpi>",
        Kind::Number,
        "scenarios.objective_weights",
        "The weight of one KPI; its key follows the colon.",
    )
    .pattern("weight:"),
    pm(
        "lexicographic_order",
        Kind::KeyList,
        "scenarios.lexicographic_order",
        "KPIs, the most important first.",
    ),
    pm("notes", Kind::Text, "scenarios.notes", "Anything others should know."),
    STATUS,
    UPDATED_SOURCE,
    UPDATED_AT,
];
