//! Roadmap_Versions and Roadmap_Items: what was published.

use super::column::{Column, Kind, pm, system};
use super::vocabulary::{STATUS, UPDATED_AT, UPDATED_SOURCE, initiative_key};
use super::{Layout, Tab};

/// The tab of published versions.
pub static ROADMAP_VERSIONS: Tab = Tab {
    name: "Roadmap_Versions",
    aliases: &["Versions"],
    purpose: "Every version of every roadmap; one of each is active.",
    layout: Layout::Explained,
    identity: &["roadmap", "version"],
    columns: VERSIONS,
    default_rows: 200,
    default_columns: 14,
};

const VERSIONS: &[Column] = &[
    system("roadmap", Kind::Text, "roadmap_versions.roadmap", "The roadmap.").required(),
    system(
        "version",
        Kind::Number,
        "roadmap_versions.version",
        "Its version, counted from 1.",
    )
    .required(),
    system(
        "status",
        Kind::Text,
        "roadmap_versions.status",
        "Draft, published or replaced.",
    ),
    system(
        "is_active",
        Kind::Boolean,
        "roadmap_versions.is_active",
        "This is the one that counts.",
    ),
    system(
        "is_baseline",
        Kind::Boolean,
        "roadmap_versions.is_baseline",
        "Later versions are compared with this one.",
    ),
    system(
        "scenario_name",
        Kind::Text,
        "roadmap_versions.scenario_name",
        "The scenario it came from.",
    ),
    system(
        "run_id",
        Kind::Key,
        "roadmap_versions.run_id",
        "The optimization it came from.",
    ),
    system(
        "published_by",
        Kind::Text,
        "roadmap_versions.published_by",
        "Who published it.",
    ),
    system(
        "published_at",
        Kind::Moment,
        "roadmap_versions.published_at",
        "When it was published.",
    ),
    system("note", Kind::Text, "roadmap_versions.note", "What was said about it."),
];

/// The tab of published initiatives.
pub static ROADMAP_ITEMS: Tab = Tab {
    name: "Roadmap_Items",
    aliases: &["Items"],
    purpose: "What each version promises, one initiative per row.",
    layout: Layout::Explained,
    identity: &["roadmap", "version", "initiative_key", "period"],
    columns: ITEMS,
    default_rows: 2000,
    default_columns: 22,
};

const ITEMS: &[Column] = &[
    system("roadmap", Kind::Text, "roadmap_items.roadmap", "The roadmap.").required(),
    system("version", Kind::Number, "roadmap_items.version", "Its version.").required(),
    initiative_key("roadmap_items.initiative_key"),
    system(
        "title",
        Kind::Text,
        "roadmap_items.title",
        "Its title when it was published.",
    ),
    system(
        "variant",
        Kind::Text,
        "roadmap_items.variant",
        "Which cut of it: mvp or full.",
    ),
    system("period", Kind::Period, "roadmap_items.period_key", "When it is done."),
    system(
        "allocated_tokens",
        Kind::Number,
        "roadmap_items.allocated_tokens",
        "The effort set aside for it.",
    )
    .unit("tokens"),
    system("rank", Kind::Number, "roadmap_items.rank", "Its place in the plan."),
    system("market", Kind::Text, "roadmap_items.market", "The market it is for.").also(&["country"]),
    system(
        "department",
        Kind::Text,
        "roadmap_items.department",
        "The department that does it.",
    ),
    system("reason", Kind::Text, "roadmap_items.reason", "Why it was chosen."),
    pm(
        "notes",
        Kind::Text,
        "roadmap_items.notes",
        "Anything others should know.",
    ),
    STATUS,
    UPDATED_SOURCE,
    UPDATED_AT,
];
