//! Results_Portfolio: what an optimization chose, and why.

use super::column::{Column, Kind, pm, system};
use super::vocabulary::{STATUS, UPDATED_AT, UPDATED_SOURCE, initiative_key};
use super::{Layout, Tab};

/// The tab of portfolios.
pub static RESULTS_PORTFOLIO: Tab = Tab {
    name: "Results_Portfolio",
    aliases: &["Results"],
    purpose: "What an optimization chose and what it left out, with the reason.",
    layout: Layout::Explained,
    identity: &["run_id", "initiative_key", "period"],
    columns: COLUMNS,
    default_rows: 2000,
    default_columns: 28,
};

const COLUMNS: &[Column] = &[
    system("run_id", Kind::Key, "portfolio_items.run_id", "The optimization.").required(),
    initiative_key("portfolio_items.initiative_key"),
    system(
        "selected",
        Kind::Boolean,
        "portfolio_items.is_selected",
        "It is in the plan.",
    ),
    system(
        "variant",
        Kind::Text,
        "portfolio_items.variant",
        "Which cut of it: mvp or full.",
    ),
    system("period", Kind::Period, "portfolio_items.period_key", "When it is done."),
    system(
        "allocated_tokens",
        Kind::Number,
        "portfolio_items.allocated_tokens",
        "The effort set aside for it.",
    )
    .unit("tokens"),
    system("rank", Kind::Number, "portfolio_items.rank", "Its place in the plan."),
    system(
        "reason",
        Kind::Text,
        "portfolio_items.reason",
        "Why it was chosen or left out.",
    ),
    system("market", Kind::Text, "portfolio_items.market", "The market it is for.").also(&["country"]),
    system(
        "department",
        Kind::Text,
        "portfolio_items.department",
        "The department whose capacity it takes.",
    ),
    system("category", Kind::Text, "portfolio_items.category", "Your own grouping."),
    system(
        "north_star_gain",
        Kind::Number,
        "portfolio_items.north_star_gain",
        "By how much it moves the north star.",
    ),
    system(
        "active_overall_score",
        Kind::Number,
        "portfolio_items.active_overall_score",
        "Its score at that time.",
    ),
    system(
        "mandatory_reason",
        Kind::Text,
        "portfolio_items.mandatory_reason",
        "Who or what demanded it.",
    ),
    system(
        "bundle_key",
        Kind::Key,
        "portfolio_items.bundle_key",
        "The bundle it came with.",
    ),
    system(
        "dependency_status",
        Kind::Text,
        "portfolio_items.dependency_status",
        "Whether all it needs is in the plan.",
    ),
    pm(
        "notes",
        Kind::Text,
        "portfolio_items.notes",
        "Anything others should know.",
    ),
    STATUS,
    UPDATED_SOURCE,
    UPDATED_AT,
];
