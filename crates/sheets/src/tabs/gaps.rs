//! Gaps_And_Alerts: what a plan does not reach, and what cannot be planned at all.

use super::column::{Choices, Column, Kind, pm, system};
use super::vocabulary::{DIMENSIONS, STATUS, UPDATED_AT, UPDATED_SOURCE};
use super::{Layout, Tab};

const SEVERITIES: Choices = Choices::of(&["OK", "WARN", "CRITICAL"]);

/// The tab of gaps.
pub static GAPS_AND_ALERTS: Tab = Tab {
    name: "Gaps_And_Alerts",
    aliases: &["Gaps"],
    purpose: "Targets the plan misses, candidates that cannot be planned, and what to do next.",
    layout: Layout::Explained,
    identity: &["run_id", "market", "dimension", "key", "kpi_key"],
    columns: COLUMNS,
    default_rows: 1000,
    default_columns: 18,
};

const COLUMNS: &[Column] = &[
    system("run_id", Kind::Key, "gaps.run_id", "The optimization.").required(),
    system("market", Kind::Text, "gaps.market", "The market.").also(&["country"]),
    system(
        "dimension",
        Kind::Choice(&DIMENSIONS),
        "gaps.dimension",
        "What the gap speaks about, if not a market.",
    ),
    system("key", Kind::Text, "gaps.dimension_key", "Which one.").also(&["dimension_key"]),
    system("kpi_key", Kind::Key, "gaps.kpi_key", "The KPI."),
    system("target", Kind::Number, "gaps.target", "What was aimed at."),
    system("achieved", Kind::Number, "gaps.achieved", "What the plan reaches."),
    system("gap", Kind::Number, "gaps.gap", "What is missing."),
    system(
        "severity",
        Kind::Choice(&SEVERITIES),
        "gaps.severity",
        "WARN up to a twentieth of the target, CRITICAL above.",
    ),
    system(
        "recommendation",
        Kind::Text,
        "gaps.recommendation",
        "Whom to talk to, and which initiatives would help.",
    ),
    pm("notes", Kind::Text, "gaps.notes", "What you decided."),
    STATUS,
    UPDATED_SOURCE,
    UPDATED_AT,
];
