//! Runs: every optimization and what came of it.

use super::column::{Column, Kind, system};
use super::vocabulary::{STATUS_BESIDE, UPDATED_AT, UPDATED_SOURCE};
use super::{Layout, Tab};

/// The tab of optimizations.
pub static RUNS: Tab = Tab {
    name: "Runs",
    aliases: &[],
    purpose: "Every optimization, the newest first.",
    layout: Layout::Explained,
    identity: &["run_id"],
    columns: COLUMNS,
    default_rows: 500,
    default_columns: 22,
};

const COLUMNS: &[Column] = &[
    system("run_id", Kind::Key, "optimization_runs.run_id", "The run.").required(),
    system(
        "scenario_name",
        Kind::Text,
        "optimization_runs.scenario_name",
        "The scenario it solved.",
    ),
    system(
        "period_key",
        Kind::PeriodList,
        "optimization_runs.period_keys",
        "The periods it planned.",
    ),
    system("status", Kind::Text, "optimization_runs.status", "How it ended.").also(&["optimization_db_status"]),
    system(
        "created_at",
        Kind::Moment,
        "optimization_runs.created_at",
        "When it was asked for.",
    ),
    system(
        "finished_at",
        Kind::Moment,
        "optimization_runs.finished_at",
        "When it ended.",
    ),
    system(
        "selected_count",
        Kind::Number,
        "optimization_runs.selected_count",
        "How many initiatives it chose.",
    )
    .unit("initiatives"),
    system(
        "total_value",
        Kind::Number,
        "optimization_runs.total_value",
        "What they are worth together.",
    )
    .also(&["total_objective_raw"]),
    system(
        "capacity_used",
        Kind::Number,
        "optimization_runs.capacity_used",
        "The effort they take.",
    )
    .unit("tokens"),
    system(
        "objective",
        Kind::Number,
        "optimization_runs.objective",
        "The value the solver aimed at.",
    )
    .also(&["total_objective"]),
    system(
        "best_bound",
        Kind::Number,
        "optimization_runs.best_bound",
        "No plan can be worth more than this.",
    ),
    system(
        "mip_gap",
        Kind::Number,
        "optimization_runs.mip_gap",
        "How far the plan may be from the best one.",
    )
    .unit("0 to 1"),
    system(
        "seconds",
        Kind::Number,
        "optimization_runs.seconds",
        "How long the solver worked.",
    )
    .unit("seconds"),
    system(
        "gap_summary",
        Kind::Text,
        "optimization_runs.gap_summary",
        "Which targets were missed.",
    ),
    system(
        "link_to_results",
        Kind::Text,
        "optimization_runs.link_to_results",
        "Where its portfolio stands.",
    )
    .also(&["results_tab_ref"]),
    STATUS_BESIDE,
    UPDATED_SOURCE,
    UPDATED_AT,
];
