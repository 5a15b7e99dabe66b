//! Constraints: what a plan must keep to.

use super::column::{Choices, Column, Kind, pm};
use super::vocabulary::{DIMENSIONS, STATUS, UPDATED_AT, UPDATED_SOURCE};
use super::{Layout, Tab};

const TYPES: Choices = Choices {
    words: &[
        "floor",
        "cap",
        "mandatory",
        "forced_out",
        "dependency",
        "bundle",
        "exclusion",
        "target",
        "synergy",
        "program",
    ],
    older: &[
        ("capacity_floor", "floor"),
        ("capacity_cap", "cap"),
        ("bundle_all_or_nothing", "bundle"),
        ("exclude_pair", "exclusion"),
        ("exclude_initiative", "forced_out"),
        ("require_prereq", "dependency"),
        ("synergy_bonus", "synergy"),
    ],
};

/// The tab of constraints.
pub static CONSTRAINTS: Tab = Tab {
    name: "Constraints",
    aliases: &[],
    purpose: "One row per rule that the plan of a scenario must keep to.",
    layout: Layout::Explained,
    identity: &[
        "scenario_name",
        "constraint_set_name",
        "constraint_type",
        "dimension",
        "key",
        "member_keys",
        "requires_keys",
        "target_kpi_key",
    ],
    columns: COLUMNS,
    default_rows: 500,
    default_columns: 26,
};

const COLUMNS: &[Column] = &[
    pm(
        "scenario_name",
        Kind::Text,
        "constraints.scenario_name",
        "The scenario it belongs to.",
    )
    .required(),
    pm(
        "constraint_set_name",
        Kind::Text,
        "constraints.constraint_set_name",
        "Its set; a scenario may have several.",
    )
    .required(),
    pm(
        "constraint_type",
        Kind::Choice(&TYPES),
        "constraints.constraint_type",
        "What kind of rule it is.",
    )
    .required(),
    pm(
        "dimension",
        Kind::Choice(&DIMENSIONS),
        "constraints.dimension",
        "What the rule speaks about.",
    ),
    pm(
        "key",
        Kind::Text,
        "constraints.dimension_key",
        "Which one: DE, Growth, INIT-000017.",
    )
    .also(&["dimension_key"]),
    pm(
        "min_tokens",
        Kind::Number,
        "constraints.min_tokens",
        "At least this much effort.",
    )
    .unit("tokens"),
    pm(
        "max_tokens",
        Kind::Number,
        "constraints.max_tokens",
        "At most this much effort.",
    )
    .unit("tokens"),
    pm(
        "min_share",
        Kind::Number,
        "constraints.min_share",
        "At least this part of the capacity, from 0 to 1.",
    )
    .unit("0 to 1"),
    pm(
        "max_share",
        Kind::Number,
        "constraints.max_share",
        "At most this part of the capacity, from 0 to 1.",
    )
    .unit("0 to 1"),
    pm(
        "member_keys",
        Kind::KeyList,
        "constraints.member_keys",
        "The initiatives of a bundle, exclusion, synergy or program.",
    )
    .also(&["bundle_member_keys"]),
    pm(
        "requires_keys",
        Kind::KeyList,
        "constraints.requires_keys",
        "What a dependency needs.",
    )
    .also(&["prereq_member_keys"]),
    pm("bonus", Kind::Number, "constraints.bonus", "What a synergy adds."),
    pm(
        "min_members",
        Kind::Number,
        "constraints.min_members",
        "How many members must be chosen.",
    )
    .unit("initiatives"),
    pm(
        "target_kpi_key",
        Kind::Key,
        "constraints.target_kpi_key",
        "The KPI of a target.",
    ),
    pm(
        "target_value",
        Kind::Number,
        "constraints.target_value",
        "What the plan must reach.",
    ),
    pm("notes", Kind::Text, "constraints.notes", "Why this rule is there."),
    STATUS,
    UPDATED_SOURCE,
    UPDATED_AT,
];
