//! Candidates: what the optimizer may choose from.

use super::column::{Choices, Column, Kind, pm, system};
use super::vocabulary::{SCOPES, STATUS_BESIDE, UPDATED_AT, UPDATED_SOURCE, initiative_key};
use super::{Layout, Tab};

const LOCKS: Choices = Choices::of(&["in", "out"]);

/// The tab of candidates.
pub static CANDIDATES: Tab = Tab {
    name: "Candidates",
    aliases: &[],
    purpose: "What may come into the next plan, what it costs, and what must or must not go together.",
    layout: Layout::Explained,
    identity: &["initiative_key"],
    columns: COLUMNS,
    default_rows: 1000,
    default_columns: 42,
};

const COLUMNS: &[Column] = &[
    initiative_key("initiatives.initiative_key"),
    pm(
        "is_selected_for_run",
        Kind::Boolean,
        "initiatives.is_selected_for_run",
        "Tick it to have it in the next optimization.",
    ),
    system("title", Kind::Text, "initiatives.title", "Its title, to read along."),
    system(
        "brief_description",
        Kind::Text,
        "initiatives.brief_description",
        "What it is about, to read along.",
    ),
    pm("market", Kind::Text, "initiatives.market", "The market it is for.").also(&["country"]),
    pm(
        "department",
        Kind::Text,
        "initiatives.department",
        "The department whose capacity it takes.",
    ),
    pm(
        "category",
        Kind::Text,
        "initiatives.category",
        "Your own grouping, used by caps and floors.",
    ),
    pm(
        "program_key",
        Kind::Key,
        "initiatives.program_key",
        "The program it belongs to.",
    ),
    pm(
        "engineering_tokens",
        Kind::Number,
        "initiatives.engineering_tokens",
        "The effort it takes.",
    )
    .unit("tokens"),
    pm(
        "engineering_tokens_mvp",
        Kind::Number,
        "initiatives.engineering_tokens_mvp",
        "The effort of the smallest useful cut.",
    )
    .unit("tokens"),
    pm(
        "engineering_tokens_full",
        Kind::Number,
        "initiatives.engineering_tokens_full",
        "The effort of all of it.",
    )
    .unit("tokens"),
    pm(
        "scope_mode",
        Kind::Choice(&SCOPES),
        "initiatives.scope_mode",
        "mvp, full, either (the plan chooses), or custom (engineering_tokens as given).",
    ),
    pm(
        "earliest_start_date",
        Kind::Date,
        "initiatives.earliest_start_date",
        "The first day work can begin.",
    ),
    pm(
        "latest_finish_date",
        Kind::Date,
        "initiatives.latest_finish_date",
        "The last day it may end.",
    ),
    pm(
        "deadline_date",
        Kind::Date,
        "initiatives.deadline_date",
        "The day by which it is worth nothing any more.",
    ),
    pm(
        "time_sensitivity_score",
        Kind::Number,
        "initiatives.time_sensitivity_score",
        "How much its value falls with waiting, from 0 to 1.",
    )
    .unit("0 to 1"),
    pm(
        "is_mandatory",
        Kind::Boolean,
        "initiatives.is_mandatory",
        "Tick it when it must be in the plan.",
    ),
    pm(
        "mandate_reason",
        Kind::Text,
        "initiatives.mandate_reason",
        "Who or what demands it.",
    ),
    pm(
        "bundle_key",
        Kind::Key,
        "initiatives.bundle_key",
        "Initiatives with the same key come all or not at all.",
    ),
    pm(
        "prerequisite_keys",
        Kind::KeyList,
        "initiatives.prerequisite_keys",
        "Keys of initiatives that must be in the plan before it.",
    ),
    pm(
        "exclusion_keys",
        Kind::KeyList,
        "initiatives.exclusion_keys",
        "Keys of initiatives that cannot be in the same plan.",
    ),
    pm(
        "synergy_group_keys",
        Kind::KeyList,
        "initiatives.synergy_group_keys",
        "Groups in which initiatives are worth more together.",
    ),
    pm(
        "lock",
        Kind::Choice(&LOCKS),
        "initiatives.plan_lock",
        "in keeps it in the plan, out keeps it out; blank leaves it free.",
    ),
    system(
        "active_scoring_framework",
        Kind::Text,
        "initiatives.active_scoring_framework",
        "The framework of the score beside it.",
    ),
    system(
        "active_overall_score",
        Kind::Number,
        "initiatives.overall_score",
        "Its score.",
    ),
    system(
        "north_star_contribution",
        Kind::Number,
        "initiatives.north_star_contribution",
        "By how much it moves the north star.",
    ),
    system(
        "strategic_kpi_contributions",
        Kind::Json,
        "initiatives.strategic_kpi_contributions",
        "By how much it moves each strategic KPI.",
    ),
    system(
        "immediate_kpi_key",
        Kind::Key,
        "initiatives.immediate_kpi_key",
        "The KPI it moves first.",
    ),
    system(
        "primary_kpi_key",
        Kind::Key,
        "initiatives.primary_kpi_key",
        "The KPI its primary model speaks about.",
    ),
    system(
        "status",
        Kind::Text,
        "initiatives.lifecycle_status",
        "Where it stands in its life.",
    )
    .also(&["lifecycle_status"]),
    pm(
        "notes",
        Kind::Text,
        "initiatives.candidate_notes",
        "Anything others should know.",
    ),
    STATUS_BESIDE,
    UPDATED_SOURCE,
    UPDATED_AT,
];
