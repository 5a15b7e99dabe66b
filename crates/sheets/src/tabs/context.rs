//! LLM_Context and Config: what suggestions should know, and settings of the workbook.

use super::column::{Column, Kind, pm};
use super::vocabulary::{STATUS, UPDATED_AT, UPDATED_SOURCE};
use super::{Layout, Tab};

const LINES: &str = "llm_context.lines";

/// The tab of what suggestions should know: section headers with lines below.
pub static LLM_CONTEXT: Tab = Tab {
    name: "LLM_Context",
    aliases: &[],
    purpose: "What suggestions should know about your company: a section per column, a line per cell.",
    layout: Layout::Explained,
    identity: &[],
    columns: SECTIONS,
    default_rows: 200,
    default_columns: 12,
};

const SECTIONS: &[Column] = &[
    pm(
        "Company",
        Kind::Text,
        LINES,
        "What you sell, to whom, and how you earn.",
    ),
    pm("Goals", Kind::Text, LINES, "What matters this year."),
    pm(
        "Customers",
        Kind::Text,
        LINES,
        "Who they are and what they struggle with.",
    ),
    pm("Words", Kind::Text, LINES, "Words of your house and what they mean."),
    pm(
        "<section>",
        Kind::Text,
        LINES,
        "Any other section: its name is the header.",
    )
    .pattern(""),
];

/// The tab of settings.
pub static CONFIG: Tab = Tab {
    name: "Config",
    aliases: &["Settings"],
    purpose: "Settings of this workbook, one per row.",
    layout: Layout::Explained,
    identity: &["key"],
    columns: SETTINGS,
    default_rows: 100,
    default_columns: 10,
};

const SETTINGS: &[Column] = &[
    pm("key", Kind::Key, "workbook_settings.key", "The name of the setting.").required(),
    pm("value", Kind::Text, "workbook_settings.value", "What it is set to.").required(),
    STATUS,
    UPDATED_SOURCE,
    UPDATED_AT,
];
