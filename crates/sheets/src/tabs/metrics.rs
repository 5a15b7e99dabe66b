//! Metrics_Config: the metrics by which initiatives are judged.

use super::column::{Choices, Column, Kind, pm};
use super::vocabulary::{STATUS, UPDATED_AT, UPDATED_SOURCE};
use super::{Layout, Tab};

const LEVELS: Choices = Choices::of(&["north_star", "strategic", "immediate"]);

/// The tab of metrics.
pub static METRICS_CONFIG: Tab = Tab {
    name: "Metrics_Config",
    aliases: &["Metrics"],
    purpose: "The metrics that count: one north star, a few strategic ones, and what moves first.",
    layout: Layout::Explained,
    identity: &["kpi_key"],
    columns: COLUMNS,
    default_rows: 200,
    default_columns: 16,
};

const COLUMNS: &[Column] = &[
    pm(
        "kpi_key",
        Kind::Key,
        "metric_configs.kpi_key",
        "A short key without spaces, unique: monthly_orders.",
    )
    .required(),
    pm(
        "kpi_name",
        Kind::Text,
        "metric_configs.kpi_name",
        "Its name for people.",
    ),
    pm(
        "kpi_level",
        Kind::Choice(&LEVELS),
        "metric_configs.kpi_level",
        "Exactly one active metric is the north_star.",
    ),
    pm(
        "unit",
        Kind::Text,
        "metric_configs.unit",
        "Its unit: orders per month, EUR, %.",
    ),
    pm(
        "description",
        Kind::Text,
        "metric_configs.description",
        "How it is counted.",
    ),
    pm(
        "is_active",
        Kind::Boolean,
        "metric_configs.is_active",
        "Tick it while it counts.",
    ),
    pm(
        "notes",
        Kind::Text,
        "metric_configs.notes",
        "Anything others should know.",
    ),
    STATUS,
    UPDATED_SOURCE,
    UPDATED_AT,
];
