//! Backlog: all initiatives in one list.

use super::column::{Column, Kind, pm, system};
use super::vocabulary::{
    DEPARTMENT, FRAMEWORKS, REQUESTER_EMAIL, REQUESTER_NAME, REQUESTING_TEAM, STATUS_TITLE, UPDATED_AT_TITLE,
    UPDATED_SOURCE_TITLE,
};
use super::{Layout, Tab};

/// The tab of all initiatives.
pub static BACKLOG: Tab = Tab {
    name: "Backlog",
    aliases: &["Central Backlog"],
    purpose: "Every initiative, one per row, with its score and what is planned for it.",
    layout: Layout::Explained,
    identity: &["Initiative Key"],
    columns: COLUMNS,
    default_rows: 1000,
    default_columns: 42,
};

const COLUMNS: &[Column] = &[
    system(
        "Initiative Key",
        Kind::Key,
        "initiatives.initiative_key",
        "The key of this initiative; it never changes.",
    )
    .required(),
    pm("Title", Kind::Text, "initiatives.title", "Name it in one line."),
    pm(
        "Brief Description",
        Kind::Text,
        "initiatives.brief_description",
        "Two or three sentences on what would change.",
    ),
    system(
        "Intake Source",
        Kind::Text,
        "initiatives.intake_source",
        "The intake tab it came from.",
    ),
    DEPARTMENT,
    REQUESTING_TEAM,
    REQUESTER_NAME,
    REQUESTER_EMAIL,
    system(
        "Market",
        Kind::Text,
        "initiatives.market",
        "The market it is for; change it where it was handed in.",
    )
    .also(&["Country"]),
    pm(
        "Product Area",
        Kind::Text,
        "initiatives.product_area",
        "The part of the product it touches.",
    ),
    pm(
        "Category",
        Kind::Text,
        "initiatives.category",
        "Your own grouping, used by caps and floors.",
    ),
    pm(
        "Lifecycle Status",
        Kind::Text,
        "initiatives.lifecycle_status",
        "Where it stands in its life.",
    )
    .also(&["Status"]),
    pm(
        "Customer Segment",
        Kind::Text,
        "initiatives.customer_segment",
        "Which customers gain from it.",
    ),
    pm(
        "Initiative Type",
        Kind::Text,
        "initiatives.initiative_type",
        "Feature, debt, research, or what you call it.",
    ),
    pm(
        "Hypothesis",
        Kind::Text,
        "initiatives.hypothesis",
        "If we do this, then what moves, and why.",
    ),
    pm(
        "Problem Statement",
        Kind::Text,
        "initiatives.problem_statement",
        "The problem, not the solution.",
    ),
    system(
        "Value Score",
        Kind::Number,
        "initiatives.value_score",
        "Value by the active framework.",
    ),
    system(
        "Effort Score",
        Kind::Number,
        "initiatives.effort_score",
        "Effort by the active framework.",
    ),
    system(
        "Overall Score",
        Kind::Number,
        "initiatives.overall_score",
        "Value over effort by the active framework.",
    ),
    pm(
        "Active Scoring Framework",
        Kind::Choice(&FRAMEWORKS),
        "initiatives.active_scoring_framework",
        "Which framework gives the score that counts.",
    ),
    pm(
        "Use Math Model",
        Kind::Boolean,
        "initiatives.use_math_model",
        "Tick it to score with a math model too.",
    ),
    pm(
        "Dependencies Initiatives",
        Kind::KeyList,
        "initiatives.dependencies_initiatives",
        "Keys of initiatives it needs, with commas between them.",
    ),
    pm(
        "Dependencies Others",
        Kind::Text,
        "initiatives.dependencies_others",
        "Anything else it waits for.",
    ),
    system(
        "LLM Summary",
        Kind::Text,
        "initiatives.llm_summary",
        "A suggested summary; nothing is decided by it.",
    ),
    pm(
        "Strategic Priority Coefficient",
        Kind::Number,
        "initiatives.strategic_priority_coefficient",
        "1 is neutral; 1.2 lifts it by a fifth where your workspace uses it.",
    )
    .unit("factor"),
    system(
        "Engineering Tokens",
        Kind::Number,
        "initiatives.engineering_tokens",
        "The effort it takes.",
    )
    .unit("tokens"),
    system(
        "Immediate KPI Key",
        Kind::Key,
        "initiatives.immediate_kpi_key",
        "The KPI it moves first.",
    ),
    system(
        "Metric Chain",
        Kind::Text,
        "initiatives.metric_chain",
        "How that KPI leads to the north star.",
    )
    .also(&["Metric Chain JSON (Primary)"]),
    pm(
        "Is Optimization Candidate",
        Kind::Boolean,
        "initiatives.is_optimization_candidate",
        "Tick it to have it considered for the next plan.",
    ),
    pm(
        "Candidate Period Key",
        Kind::Period,
        "initiatives.candidate_period_key",
        "The period it is considered for: 2026-Q1, 2026-03 or 2026-W05.",
    ),
    system(
        "Is Archived",
        Kind::Boolean,
        "initiatives.is_archived",
        "It has left the backlog.",
    ),
    system(
        "Archived Reason",
        Kind::Text,
        "initiatives.archived_reason",
        "Why it has left.",
    ),
    STATUS_TITLE,
    UPDATED_SOURCE_TITLE,
    UPDATED_AT_TITLE,
];
